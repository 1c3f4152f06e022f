import Pictures
import Tensors
import Testing

@testable import Datasets

@Suite struct CameraDamageTests {
  private static func camera(
    shot: Float = 0, read: Float = 0, method: ColorFilterArray.Method = .bilinear,
    lumaSmoothing: Float = 0, chromaSmoothing: Float = 0, sharpening: Float = 0, scale: Float = 1
  ) -> CameraDamage {
    CameraDamage(
      gamma: 2.2, exposure: 0.8, whiteBalance: (2, 1, 1.6),
      filters: ColorFilterArray(top: 1, left: 0, method: method), shot: shot, read: read,
      lumaSmoothing: lumaSmoothing, chromaSmoothing: chromaSmoothing, sharpening: sharpening,
      scale: scale)
  }

  /// The target is the same chain without noise: without noise both are one picture.
  @Test(arguments: [1, 3], [1, 1.5] as [Float])
  func withoutNoiseTheTargetIsWhatIsSeen(channels: Int, scale: Float) {
    var crop = DamagedCrop.waves(channels: channels, height: 40, width: 48)
    let scene = crop.clean
    var random = RandomSource(seed: 1)
    crop.draw { canvas in
      canvas.expose(
        Self.camera(
          method: .malvar, lumaSmoothing: 0.8, chromaSmoothing: 2, sharpening: 0.5, scale: scale),
        using: &random)
    }
    #expect(crop.observation == crop.clean)
    #expect(deviation(zip(crop.clean, scene).map { $0 - $1 }) < 0.08)
  }

  /// Shot noise of one gain in the light of a plain area: through gamma the deviation is what the
  /// tone curve's slope makes of it.
  @Test func noiseHasTheLevelOfItsGain() {
    let level: Float = 0.6
    var crop = DamagedCrop(
      [Float](repeating: level, count: 128 * 128), channels: 1, height: 128, width: 128)
    var random = RandomSource(seed: 2)
    let (shot, read): (Float, Float) = (1e-3, 1e-5)
    crop.draw { $0.expose(Self.camera(shot: shot, read: read), using: &random) }
    let light = powFloat(level, 2.2) * 0.8
    let slope = level / (2.2 * light)
    let expected = (shot * light + read).squareRoot() * slope
    let found = deviation(zip(crop.observation, crop.clean).map { $0 - $1 })
    #expect(abs(found / expected - 1) < 0.04)
    #expect(abs(crop.clean[5000] - level) < 1e-4)
  }

  /// Both ways are exact where all channels rise by the same slope.
  @Test(arguments: [ColorFilterArray.Method.bilinear, .malvar], 0..<4)
  func demosaicingIsExactOnARamp(method: ColorFilterArray.Method, corner: Int) {
    let (top, left) = (corner / 2, corner % 2)
    let (height, width) = (12, 14)
    var planes = (0..<3 * height * width).map { index -> Float in
      let (y, x) = (index / width % height, index % width)
      return Float(index / (height * width)) + 0.25 * Float(x) + 0.5 * Float(y)
    }
    let whole = planes
    let filters = ColorFilterArray(top: top, left: left, method: method)
    var mosaic = [Float](repeating: 0, count: height * width)
    let region = Region(height: height, width: width)
    planes.withMutablePlanes(channels: 3, region) { planes in
      mosaic.withMutablePlanes(channels: 1, region) { mosaic in
        filters.mosaic(planes, into: mosaic)
        planes.fill(with: -1)
        filters.demosaic(mosaic, into: planes)
      }
    }
    for y in 2..<height - 2 {
      for x in 2..<width - 2 {
        for channel in 0..<3 {
          let index = (channel * height + y) * width + x
          #expect(abs(planes[index] - whole[index]) < 1e-4)
        }
      }
    }
  }

  @Test func lumaAndChromaComeBack() {
    var planes: [Float] = [0.2, 0.9, 0.4, 0.1, 0.7, 0.3]
    let before = planes
    planes.withMutablePlanes(channels: 3, Region(height: 1, width: 2)) { planes in
      LumaChroma.split(planes)
      LumaChroma.join(planes)
    }
    #expect(zip(planes, before).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func aBlurIsTheGaussiansConvolution() {
    let (height, width) = (9, 11)
    var plane = [Float](repeating: 0, count: height * width)
    plane[4 * width + 5] = 1
    plane.withMutablePlanes(channels: 1, Region(height: height, width: width)) {
      PlaneFilter.blur($0, deviation: 1)
    }
    #expect(abs(plane.reduce(0, +) - 1) < 1e-5)
    let ratio = plane[4 * width + 6] / plane[4 * width + 5]
    #expect(abs(ratio - 0.60653) < 1e-4)
    #expect(abs(plane[3 * width + 5] - plane[4 * width + 6]) < 1e-7)
    #expect(PlaneFilter.mirrored(-2, 5) == 2)
    #expect(PlaneFilter.mirrored(6, 5) == 2)
    #expect(PlaneFilter.mirrored(7, 1) == 0)
  }
}

private func powFloat(_ x: Float, _ y: Float) -> Float {
  // x^y by repeated square roots would hide nothing: the test must not share the code's own.
  var (result, base, exponent): (Double, Double, Double) = (1, Double(x), Double(y))
  while exponent >= 1 {
    result *= base
    exponent -= 1
  }
  for _ in 0..<40 {
    base = base.squareRoot()
    exponent *= 2
    if exponent >= 1 {
      result *= base
      exponent -= 1
    }
  }
  return Float(result)
}
