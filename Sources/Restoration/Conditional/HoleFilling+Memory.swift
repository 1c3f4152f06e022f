import Datasets
import Pictures

extension HoleFilling {
  /// As with views, in memory of the bands'.
  static func fill(
    _ picture: UnsafeMutableBufferPointer<Float>, seen: UnsafeBufferPointer<Float>, channels: Int,
    height: Int, width: Int
  ) {
    let region = Region(height: height, width: width)
    fill(
      MutablePlaneView(picture, channels: channels, region: region),
      seen: MutablePlaneView(
        UnsafeMutableBufferPointer(mutating: seen), channels: 1, region: region))
  }
}
