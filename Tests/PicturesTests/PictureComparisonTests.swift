import Testing

@testable import Pictures

@Suite("comparisons")
struct PictureComparisonTests {
  @Test("structural similarity: 1 for equal pictures, by the formula for constant ones")
  func similarity() throws {
    let a = [Double](repeating: 100, count: 144)
    let b = [Double](repeating: 150, count: 144)
    #expect(try #require(StructuralSimilarity.mean(a, a, height: 12, width: 12)) == 1)
    let c1 = 2.55 * 2.55
    let expected = (2.0 * 100 * 150 + c1) / (100.0 * 100 + 150 * 150 + c1)
    let value = try #require(StructuralSimilarity.mean(a, b, height: 12, width: 12))
    #expect(abs(value - expected) < 1e-9)
    #expect(StructuralSimilarity.mean(a, b, height: 4, width: 36) == nil)
  }
}
