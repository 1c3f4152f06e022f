import Datasets
import Pictures
import Tensors

/// A damaged picture and what is known of its damage, read region by region, so that no more than a
/// band of it has to be there as floating-point numbers.
package struct DamagedPicture {
  /// Writes the region that both are planes of: the observation `[C, h, w]` in about [0, 1] and the maps
  /// `[5, h, w]` in the order of `ConditionMaps`. What is written of hidden pixels does not count, but for
  /// scale and JPEG level.
  package typealias Reader = (_ observation: MutablePlaneView, _ maps: MutablePlaneView) throws ->
    Void

  /// 1 or 3.
  package let channels: Int
  package let height: Int
  package let width: Int
  /// Whether `ConditionMaps.seen` may be 0 somewhere.
  package let hasHiddenPixels: Bool
  package let read: Reader

  /// - Parameter read: gives the same numbers for a pixel whenever it is asked.
  package init(
    channels: Int, height: Int, width: Int, hasHiddenPixels: Bool, read: @escaping Reader
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.hasHiddenPixels = hasHiddenPixels
    self.read = read
  }

  /// A picture in memory.
  ///
  /// - Parameters:
  ///   - observation: `[C, H, W]`.
  ///   - maps: `[5, H, W]` in the order of `ConditionMaps`.
  /// - Precondition: the extents are equal.
  package init(observation: Tensor, maps: Tensor) {
    let (height, width) = (observation.shape[1], observation.shape[2])
    precondition(maps.shape == [ConditionMaps.count, height, width], "maps of the picture's size")
    let hidden = maps.elements[..<(height * width)].contains(0)
    self.init(
      channels: observation.shape[0], height: height, width: width, hasHiddenPixels: hidden
    ) { pixels, levels in
      observation.withPlanes { pixels.copy(pixels.region, from: $0) }
      maps.withPlanes { levels.copy(levels.region, from: $0) }
    }
  }

  /// All of it.
  package var region: Region { Region(height: height, width: width) }

  /// Reads all of it in strips of so many rows, from the top: pixels `[C, h, w]` and maps `[5, h, w]`.
  func forEachStrip(
    of count: Int,
    _ body: (Region, _ pixels: PlaneView, _ maps: PlaneView) throws -> Void
  ) throws {
    var pixels = [Float](repeating: 0, count: channels * count * width)
    var maps = [Float](repeating: 0, count: ConditionMaps.count * count * width)
    for top in stride(from: 0, to: height, by: count) {
      let strip = Region(rows: top..<min(top + count, height), columns: 0..<width)
      try pixels.withMutablePlanes(channels: channels, strip) { pixels in
        try maps.withMutablePlanes(channels: ConditionMaps.count, strip) { maps in
          try read(pixels, maps)
          try body(strip, pixels.readOnly, maps.readOnly)
        }
      }
    }
  }
}

/// Damage of one kind and strength all over a picture.
package struct DamageLevels: Hashable, Sendable {
  /// Standard deviations of the noise in the opponent basis (`ConditionMaps`), on the scale 0...1.
  package var lumaNoise: Float
  package var chromaNoise: Float
  /// How many times the picture was scaled down and up again; 1 for not at all.
  package var scale: Float
  /// Of the JPEG file that the picture comes from; nil where it has no such artifacts.
  package var jpegQuality: Int?

  package init(
    lumaNoise: Float = 0, chromaNoise: Float = 0, scale: Float = 1, jpegQuality: Int? = nil
  ) {
    self.lumaNoise = lumaNoise
    self.chromaNoise = chromaNoise
    self.scale = scale
    self.jpegQuality = jpegQuality
  }

  /// Independent noise of one level in every channel; of a gray picture that is repeated in three
  /// channels, the same noise in all of them.
  ///
  /// - Parameter sigma: the standard deviation on the scale 0...1.
  package init(noise sigma: Float, isRepeatedGray: Bool = false) {
    self.init(
      lumaNoise: isRepeatedGray ? sigma * ConditionMaps.repeatedNoiseFactor : sigma,
      chromaNoise: isRepeatedGray ? 0 : sigma)
  }

  /// Writes the maps `[5, h, w]` of a region that is seen altogether.
  package func fill(_ maps: MutablePlaneView) {
    let levels = [
      ConditionMaps.lumaNoise: lumaNoise, ConditionMaps.chromaNoise: chromaNoise,
      ConditionMaps.scale: ConditionMaps.scaleLevel(scale),
      ConditionMaps.jpeg: ConditionMaps.jpegLevel(quality: jpegQuality),
    ]
    for (index, map) in ConditionMaps.all.enumerated() {
      maps.plane(index).fill(with: levels[index] ?? map.neutral)
    }
  }

  /// The maps `[5, H, W]` of a picture that is seen altogether.
  package func maps(height: Int, width: Int) -> Tensor {
    let shape: Shape = [ConditionMaps.count, height, width]
    return Tensor(shape) { fill(MutablePlaneView($0, shape)) }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Copies `[C, h, w]` into a region of `[C, H, W]`, which these numbers are.
  func insert(
    _ source: UnsafeBufferPointer<Float>, at region: Region, channels: Int, height: Int,
    width: Int
  ) {
    MutablePlaneView(self, channels: channels, region: Region(height: height, width: width))
      .copy(region, from: PlaneView(source, channels: channels, region: region))
  }
}
