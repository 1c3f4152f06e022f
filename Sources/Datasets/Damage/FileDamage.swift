import ImageCodecs
import Pictures
import Tensors

/// Coding as JPEG.
struct JPEGDamage: Sendable {
  /// 1...100
  let quality: Int
  /// How far the crop stands from the corner of a block, in pixels.
  let left: Int
  let top: Int
  /// Whether color has half the resolution; nil for what programs do, up to quality 90.
  var isSubsampled: Bool?

  /// A quality of 10...95. Blocks are 8 pixels wide, with color at half resolution (up to
  /// quality 90) 16.
  static func random(using random: inout RandomSource) -> JPEGDamage {
    let quality = random.next(in: 10...95)
    let block = quality > 90 ? 8 : 16
    return JPEGDamage(
      quality: quality, left: random.nextIndex(below: block), top: random.nextIndex(below: block))
  }

  /// A quality within a range, color at half or at full resolution.
  static func random(
    quality: ClosedRange<Int>, using random: inout RandomSource
  ) -> JPEGDamage {
    let quality = random.next(in: quality)
    let isSubsampled = random.nextWord() & 1 == 1
    let block = isSubsampled ? 16 : 8
    return JPEGDamage(
      quality: quality, left: random.nextIndex(below: block), top: random.nextIndex(below: block),
      isSubsampled: isSubsampled)
  }
}

/// Reduction by a whole number.
struct ScaleDamage: Sendable {
  let scale: Int
  /// How far the crop stands from the corner of a pixel of the small picture, in pixels.
  let left: Int
  let top: Int

  /// Scales of 2 and 4 divide the strides of networks, so that a small picture's pixels stand at
  /// the same places of their grids always; others get any phase.
  static func random(scale: Int, using random: inout RandomSource) -> ScaleDamage {
    let phases = scale & (scale - 1) == 0 ? 1 : scale
    return ScaleDamage(
      scale: scale, left: random.nextIndex(below: phases), top: random.nextIndex(below: phases))
  }
}

extension DamageCanvas {
  /// Codes the crop as JPEG and decodes it. Where the codec has no memory the crop stays whole.
  func compress(_ damage: JPEGDamage) {
    copy()
    compressObservation(damage)
  }

  /// Codes the observation as JPEG and decodes it. Where the codec has no memory it stays whole.
  func compressObservation(_ damage: JPEGDamage) {
    let (width, height) = (self.width + damage.left, self.height + damage.top)
    let planes = extended(
      observation, left: damage.left, top: damage.top, toWidth: width, toHeight: height)
    let image = Image(planes: planes, width: width, height: height, channels: self.planes)
    let options = EncodingOptions(
      jpegQuality: damage.quality, isChromaSubsampled: damage.isSubsampled)
    guard
      let file = try? ImageWriter.encode(image, format: .jpeg, options: options),
      let decoded = try? ImageReader.read(bytes: file, name: "crop")
    else { return }
    observe(
      decoded.colorPlanes(), left: damage.left, top: damage.top, width: width, height: height)
    map(ConditionMaps.jpeg).fill(with: ConditionMaps.jpegLevel(quality: damage.quality))
  }

  /// Scales the crop down, rounds it to 8 bits and scales it up again, as a part of a picture
  /// whose extents the scale divides.
  func reduce(_ damage: ScaleDamage) {
    let scale = damage.scale
    let (width, height) = (
      (self.width + damage.left + scale - 1) / scale * scale,
      (self.height + damage.top + scale - 1) / scale * scale
    )
    var small = Resampling.resize(
      extended(
        clean, left: damage.left, top: damage.top, toWidth: width, toHeight: height),
      width: width, height: height, channels: planes, toWidth: width / scale,
      toHeight: height / scale)
    for index in small.indices { small[index] = Self.rounded(small[index]) }
    let large = Resampling.resize(
      small, width: width / scale, height: height / scale, channels: planes, toWidth: width,
      toHeight: height)
    observe(large, left: damage.left, top: damage.top, width: width, height: height)
    map(ConditionMaps.scale).fill(with: ConditionMaps.scaleLevel(Float(scale)))
  }
}
