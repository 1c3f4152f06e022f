import ImageCodecs
import Pictures
import Tensors
import Testing

@testable import Datasets

@Suite struct DamageFileTests {
  /// Edge pixels repeated: `left` columns before, `right` after; rows likewise.
  static func padded(
    _ crop: DamagedCrop, left: Int, top: Int, right: Int, bottom: Int
  ) -> [Float] {
    (0..<crop.channels).flatMap { channel in
      (-top..<crop.height + bottom).flatMap { y in
        (-left..<crop.width + right).map { x in
          let row = min(max(y, 0), crop.height - 1)
          let column = min(max(x, 0), crop.width - 1)
          return crop.clean[(channel * crop.height + row) * crop.width + column]
        }
      }
    }
  }

  /// An observation that begins at (left, top) of larger planes.
  static func part(
    _ planes: [Float], width: Int, height: Int, left: Int, top: Int, of crop: DamagedCrop
  ) -> [Float] {
    (0..<crop.channels).flatMap { channel in
      (0..<crop.height).flatMap { y in
        (0..<crop.width).map { planes[(channel * height + top + y) * width + left + $0] }
      }
    }
  }

  @Test(arguments: [(2, 0), (3, 0), (3, 2), (4, 0)])
  func reducedAndEnlargedByHand(scale: Int, offset: Int) {
    var crop = DamagedCrop.waves(height: 40, width: 56)
    crop.draw { $0.reduce(ScaleDamage(scale: scale, left: offset, top: offset)) }
    let right = (scale - (56 + offset) % scale) % scale
    let bottom = (scale - (40 + offset) % scale) % scale
    let (width, height) = (56 + offset + right, 40 + offset + bottom)
    let small = Resampling.resize(
      Self.padded(crop, left: offset, top: offset, right: right, bottom: bottom), width: width,
      height: height, channels: 3, toWidth: width / scale, toHeight: height / scale
    ).map { (min(max($0, 0), 1) * 255).rounded() / 255 }
    let large = Resampling.resize(
      small, width: width / scale, height: height / scale, channels: 3, toWidth: width,
      toHeight: height)
    let expected = Self.part(
      large, width: width, height: height, left: offset, top: offset, of: crop)
    #expect(crop.observation == expected)
    let level: Float = [2: 0.5, 3: 0.792481, 4: 1][scale]!
    #expect(crop.map(ConditionMaps.scale).allSatisfy { abs($0 - level) < 1e-5 })
    #expect(crop.map(ConditionMaps.seen).allSatisfy { $0 == 1 })
    #expect(crop.map(ConditionMaps.lumaNoise).allSatisfy { $0 == 0 })
  }

  /// A part of a picture whose extents the scale divides is damaged as the picture is, but for
  /// the borders.
  @Test func phaseIsThatOfAWholePicture() {
    let whole = DamagedCrop.waves(channels: 1, height: 96, width: 96)
    var crop = DamagedCrop(
      (0..<64).flatMap { y in (0..<64).map { whole.clean[(y + 17) * 96 + $0 + 17] } }, channels: 1,
      height: 64, width: 64)
    var all = whole
    all.draw { $0.reduce(ScaleDamage(scale: 3, left: 0, top: 0)) }
    crop.draw { $0.reduce(ScaleDamage(scale: 3, left: 17 % 3, top: 17 % 3)) }
    for y in 16..<48 {
      for x in 16..<48 {
        #expect(
          abs(crop.observation[y * 64 + x] - all.observation[(y + 17) * 96 + x + 17]) < 1e-5)
      }
    }
  }

  @Test(arguments: [(10, 0, 0), (50, 11, 5), (90, 3, 15), (95, 7, 2)])
  func codedAsJPEGByHand(quality: Int, left: Int, top: Int) throws {
    var crop = DamagedCrop.waves(height: 40, width: 56)
    crop.draw { $0.compress(JPEGDamage(quality: quality, left: left, top: top)) }
    let (width, height) = (56 + left, 40 + top)
    let file = try ImageWriter.encode(
      Image(
        planes: Self.padded(crop, left: left, top: top, right: 0, bottom: 0), width: width,
        height: height, channels: 3), format: .jpeg, options: EncodingOptions(jpegQuality: quality))
    let planes = try ImageReader.read(bytes: file, name: "expected").colorPlanes()
    let expected = Self.part(planes, width: width, height: height, left: left, top: top, of: crop)
    #expect(crop.observation == expected)
    let level = Float(100 - quality) / 100
    #expect(crop.map(ConditionMaps.jpeg).allSatisfy { $0 == level })
    let error = deviation(zip(crop.observation, crop.clean).map { $0 - $1 })
    #expect(error > 0.001 && error < 0.2)
  }

  @Test func drawsEveryQualityAndOffset() {
    var random = RandomSource(seed: 1)
    let drawn = (0..<4000).map { _ in JPEGDamage.random(using: &random) }
    #expect(Set(drawn.map(\.quality)) == Set(10...95))
    #expect(Set(drawn.filter { $0.quality <= 90 }.map(\.left)) == Set(0..<16))
    #expect(Set(drawn.filter { $0.quality <= 90 }.map(\.top)) == Set(0..<16))
    #expect(Set(drawn.filter { $0.quality > 90 }.map(\.left)) == Set(0..<8))
    let thirds = (0..<100).map { _ in ScaleDamage.random(scale: 3, using: &random) }
    #expect(Set(thirds.map(\.left)) == [0, 1, 2] && Set(thirds.map(\.top)) == [0, 1, 2])
    let quarter = (0..<100).map { _ in ScaleDamage.random(scale: 4, using: &random) }
    #expect(quarter.allSatisfy { $0.left == 0 && $0.top == 0 })
  }
}
