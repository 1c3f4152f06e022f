import Tensors
import Testing

@testable import Restoration

@Suite struct SmoothingTests {
  @Test func keepsConstantsAndMass() {
    let flat = Tensor([1, 5, 4], repeating: 0.5).smoothed(deviation: 1)
    #expect(flat.elements.allSatisfy { abs($0 - 0.5) < 1e-6 })
    var point = Tensor([1, 21, 21])
    point[10 * 21 + 10] = 1
    let spread = point.smoothed(deviation: 1.5)
    #expect(abs(spread.elements.reduce(0, +) - 1) < 1e-5)
    #expect(spread[10 * 21 + 10] < 0.08)
    #expect(spread[10 * 21 + 8] == spread[8 * 21 + 10])
    #expect(point.smoothed(deviation: 0) == point)
  }
}
