import ImageCodecs
import Testing

@testable import Datasets
@testable import Pictures

@Suite struct ResamplingTests {
  @Test(arguments: Resampling.Kernel.allCases, [1, 3, 7, 10, 25])
  func keepsAConstant(kernel: Resampling.Kernel, extent: Int) {
    let planes = [Float](repeating: 0.75, count: 10 * 8)
    let result = Resampling.resize(
      planes, width: 10, height: 8, channels: 1, toWidth: extent, toHeight: extent + 1,
      kernel: kernel)
    #expect(result.count == extent * (extent + 1))
    #expect(result.allSatisfy { abs($0 - 0.75) < 1e-5 })
  }

  /// Halving with the antialiased cubic: the weights at distances 0.25, 0.75, ... of the kernel,
  /// (111, 29, -9, -3) / 256 on either side.
  @Test func halvesByTheCubicsWeights() {
    var impulse = [Float](repeating: 0, count: 16)
    impulse[8] = 1
    let result = Resampling.resize(
      impulse, width: 16, height: 1, channels: 1, toWidth: 8, toHeight: 1)
    let expected: [Float] = [0, 0, -3, 29, 111, -9, 0, 0]
    for (value, weight) in zip(result, expected) { #expect(abs(value - weight / 256) < 1e-6) }
  }

  @Test func mirrorsTheBorder() {
    let result = Resampling.resize(
      [1, 0, 0, 0], width: 4, height: 1, channels: 1, toWidth: 2, toHeight: 1)
    #expect(abs(result[0] - (111 + 29) / 256) < 1e-6)
    #expect(abs(result[1] - (-9 - 3) / 256) < 1e-6)
  }

  @Test func boxHalvesByMeans() {
    let result = Resampling.resize(
      [0, 1, 2, 3, 4, 5, 6, 7], width: 4, height: 2, channels: 1, toWidth: 2, toHeight: 1,
      kernel: .box)
    #expect(result == [2.5, 4.5])
  }

  @Test func axesAreSeparate() {
    let planes = (0..<60).map { Float($0 * 7 % 31) }
    let wide = Resampling.resize(
      planes, width: 5, height: 4, channels: 3, toWidth: 9, toHeight: 4)
    let both = Resampling.resize(wide, width: 9, height: 4, channels: 3, toWidth: 9, toHeight: 3)
    let once = Resampling.resize(
      planes, width: 5, height: 4, channels: 3, toWidth: 9, toHeight: 3)
    for (a, b) in zip(both, once) { #expect(abs(a - b) < 1e-3) }
  }

  @Test func cropTakesTheCenter() {
    let image = Image.gray(9, 3) { x, _ in UInt8(x * 10) }
    let geometry = ImageGeometry(width: 3, height: 3, channels: 1, fitting: .crop)
    #expect(geometry.bytes(of: image) == [30, 40, 50, 30, 40, 50, 30, 40, 50])
  }

  @Test func fitRepeatsTheEdge() {
    let image = Image.gray(2, 4) { x, y in UInt8(100 * x + y) }
    let geometry = ImageGeometry(width: 4, height: 4, channels: 1, fitting: .fit)
    #expect(Array(geometry.bytes(of: image)[..<4]) == [0, 0, 100, 100])
    let tiny = ImageGeometry(width: 1, height: 7, channels: 3, fitting: .fit)
    #expect(tiny.bytes(of: image).count == 21)
  }

  @Test func transparencyLeavesNoFringe() {
    // White next to transparent black, on white: no dark edge.
    var image = Image.filled(8, 8, [255, 255, 255, 255])
    if case .bits8(var samples) = image.samples {
      for pixel in 0..<32 { for channel in 0..<4 { samples[pixel * 4 + channel] = 0 } }
      image.samples = .bits8(samples)
    }
    for extent in [3, 8, 13] {
      let geometry = ImageGeometry(width: extent, height: extent, channels: 3, background: 1)
      #expect(geometry.bytes(of: image).allSatisfy { $0 == 255 })
    }
    let onBlack = ImageGeometry(width: 8, height: 8, channels: 1, background: 0)
    #expect(onBlack.bytes(of: image)[0] == 0 && onBlack.bytes(of: image)[63] == 255)
  }

  @Test func ownSizeKeepsEveryByte() {
    let image = Image.gray(16, 16) { x, y in UInt8(x + 16 * y) }
    let geometry = ImageGeometry(width: 16, height: 16, channels: 1)
    #expect(geometry.bytes(of: image) == Array(0...255))
    let deep = Image(
      width: 16, height: 16, colorModel: .gray,
      samples: .bits16((0..<256).map { UInt16($0 * 257) }))
    #expect(geometry.bytes(of: deep) == Array(0...255))
  }

  @Test func colorAndGray() {
    let red = Image.filled(4, 4, [255, 0, 0])
    #expect(ImageGeometry(width: 2, height: 2, channels: 1).bytes(of: red) == [76, 76, 76, 76])
    let gray = Image.filled(2, 2, [9])
    #expect(
      ImageGeometry(width: 2, height: 2, channels: 3).bytes(of: gray)
        == [UInt8](repeating: 9, count: 12))
  }
}
