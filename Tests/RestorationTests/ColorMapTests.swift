import Tensors
import Testing

@testable import Restoration

@Suite struct ColorMapTests {
  /// Relative luminance of linear sRGB (BT.709), which must rise with the number.
  @Test func growsBrighterEvenly() {
    let luminances = (0...32).map { step -> Float in
      let color = ColorMap.color(Float(step) / 32)
      #expect(color.allSatisfy { (0...1).contains($0) })
      let linear = color.map { ($0 / 1.055 + 0.052) * ($0 / 1.055 + 0.052) }
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    for (darker, brighter) in zip(luminances, luminances.dropFirst()) {
      #expect(brighter > darker)
    }
    #expect(luminances[0] < 0.05 && luminances[32] > 0.7)
  }

  @Test func theRangeLeavesOutliersOut() {
    var numbers = (0..<1000).map { Float($0) / 1000 }
    numbers[500] = 100
    let map = ColorMap.uncertainty(Tensor([1, 20, 50], numbers))
    #expect(abs(map.largest - 0.995) < 0.003)
    #expect(map.pixels.shape == [3, 20, 50])
    #expect(map.pixels[500] == map.pixels[999])
  }

  @Test func nothingUncertainIsDark() {
    let map = ColorMap.uncertainty(Tensor([1, 2, 2], [0, 0, 0, 0]))
    #expect(map.largest == 0)
    #expect(Set(map.pixels.elements).count <= 3)
  }
}
