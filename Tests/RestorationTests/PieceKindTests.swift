import Pictures
import Tensors
import Testing
import VAE

@testable import Restoration

/// What was drawn is told from what a camera took.
@Suite struct PieceKindTests {
  /// `[3, 64, 64]` of levels of 255.
  private func piece(_ level: (Int, Int) -> Float) -> [Float] {
    let plane = (0..<64 * 64).map { level($0 / 64, $0 % 64) / 255 }
    return plane + plane + plane
  }

  /// Dark lines and dots on white, as lettering is.
  private func lettering(_ row: Int, _ column: Int) -> Float {
    row % 12 > 3 && (column % 5 == 0 || row % 12 == 8 && column % 7 < 4) ? 30 : 255
  }

  private func noisy(_ pixels: [Float], deviation: Float) -> [Float] {
    var random = RandomSource(seed: 1)
    return pixels.map { value in
      (min(max(255 * value + deviation * Self.normal(&random), 0), 255)).rounded() / 255
    }
  }

  private static func normal(_ random: inout RandomSource) -> Float {
    var number: [Float] = [0]
    number.withUnsafeMutableBufferPointer { random.fillNormal($0) }
    return number[0]
  }

  @Test func aPieceOfOneColorIsFlat() {
    #expect(PieceKind(of: piece { _, _ in 17 }, channels: 3) == .flat)
  }

  @Test func letteringIsDrawn() {
    #expect(PieceKind(of: piece(lettering), channels: 3) == .drawn)
  }

  @Test(arguments: [0.7, 3, 20] as [Float])
  func letteringUnderNoiseIsNot(deviation: Float) {
    let pixels = noisy(piece { 0.8 * lettering($0, $1) + 20 }, deviation: deviation)
    #expect(PieceKind(of: pixels, channels: 3) == .photographed)
  }

  /// JPEG leaves even areas even, and small steps where there was detail.
  @Test func aFewSmallStepsBetweenEqualPixelsAreAPhotograph() {
    let pixels = piece { row, column in Float(100 + (row / 3 + column / 2) % 4) }
    #expect(PieceKind(of: pixels, channels: 3) == .photographed)
  }

  @Test func aPictureIsDrawnWhereAThirdOfItsPiecesAre() {
    let region = Region(height: 128, width: 192)
    func isDrawn(photographs: Int) -> Bool {
      var seen = 0
      return PieceKind.isDrawn(region, channels: 3) { target in
        let drawing = piece(lettering)
        target.copy(seen < photographs ? noisy(drawing, deviation: 5) : drawing)
        seen += 1
      }
    }
    #expect(isDrawn(photographs: 4))
    #expect(!isDrawn(photographs: 5))
    #expect(!isDrawn(photographs: 6))
  }
}
