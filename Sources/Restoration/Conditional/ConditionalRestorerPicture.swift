import Datasets
import Pictures
import Tensors

/// A damaged picture and what is known of its damage, read region by region, so that no more than a
/// band of it has to be there as floating-point numbers.
package struct DamagedPicture {
  /// Writes a region: the observation `[C, h, w]` in about [0, 1] and the maps `[5, h, w]` in the
  /// order of `ConditionMaps`. What is written of hidden pixels does not count, but for scale and
  /// JPEG level.
  package typealias Reader = (
    _ region: Region, _ observation: UnsafeMutableBufferPointer<Float>,
    _ maps: UnsafeMutableBufferPointer<Float>
  ) throws -> Void

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
    ) { region, pixels, levels in
      observation.copy(region, to: pixels)
      maps.copy(region, to: levels)
    }
  }

  /// All of it.
  package var region: Region { Region(height: height, width: width) }

  /// Reads all of it in strips of so many rows, from the top: pixels `[C, h, w]` and maps `[5, h, w]`.
  func forEachStrip(
    of count: Int,
    _ body: (Region, _ pixels: UnsafeBufferPointer<Float>, _ maps: UnsafeBufferPointer<Float>)
      throws
      -> Void
  ) throws {
    var pixels = [Float](repeating: 0, count: channels * count * width)
    var maps = [Float](repeating: 0, count: ConditionMaps.count * count * width)
    for top in stride(from: 0, to: height, by: count) {
      let strip = Region(rows: top..<min(top + count, height), columns: 0..<width)
      try pixels.withUnsafeMutableBufferPointer { pixels in
        try maps.withUnsafeMutableBufferPointer { maps in
          let pixels = UnsafeMutableBufferPointer(rebasing: pixels[..<(channels * strip.area)])
          let maps = UnsafeMutableBufferPointer(
            rebasing: maps[..<(ConditionMaps.count * strip.area)])
          try read(strip, pixels, maps)
          try body(strip, UnsafeBufferPointer(pixels), UnsafeBufferPointer(maps))
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
  package func fill(_ maps: UnsafeMutableBufferPointer<Float>) {
    let area = maps.count / ConditionMaps.count
    let levels = [
      ConditionMaps.lumaNoise: lumaNoise, ConditionMaps.chromaNoise: chromaNoise,
      ConditionMaps.scale: ConditionMaps.scaleLevel(scale),
      ConditionMaps.jpeg: ConditionMaps.jpegLevel(quality: jpegQuality),
    ]
    for (index, map) in ConditionMaps.all.enumerated() {
      UnsafeMutableBufferPointer(rebasing: maps[index * area..<(index + 1) * area])
        .update(repeating: levels[index] ?? map.neutral)
    }
  }

  /// The maps `[5, H, W]` of a picture that is seen altogether.
  package func maps(height: Int, width: Int) -> Tensor {
    Tensor([ConditionMaps.count, height, width]) { fill($0) }
  }
}

extension Tensor {
  /// Copies a region of `[C, H, W]` to `[C, h, w]`.
  func copy(_ region: Region, to target: UnsafeMutableBufferPointer<Float>) {
    withPlanes {
      MutablePlaneView(target, channels: shape[0], region: region).copy(region, from: $0)
    }
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
