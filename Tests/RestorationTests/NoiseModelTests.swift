import Graphs
import Pictures
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite struct NoiseModelTests {
  @Test func aCurveIsLinearBetweenItsNodes() {
    let curve = NoiseModel.Curve(nodes: [0.1, 0.2, 0.6])
    #expect(
      [0, 0.25, 0.5, 0.75, 1, 2, -1].map { curve.level(at: $0) }
        .elementsEqual([0.1, 0.15, 0.2, 0.4, 0.6, 0.6, 0.1]) { abs($0 - $1) < 1e-6 })
    #expect(!curve.isConstant)
    #expect(NoiseModel.Curve(0.3).isConstant)
  }

  @Test func isRoundedAsItIsPrinted() {
    let noise = NoiseModel(NoiseLevel(luma: 4.1234 / 255, chroma: 1.999 / 255)).rounded
    #expect(abs(noise.luma.nodes[0] * 255 - 4.12) < 1e-4)
    #expect(abs(noise.chroma.nodes[0] * 255 - 2) < 1e-4)
    #expect(NoiseModel(NoiseLevel(luma: 0.2 / 255, chroma: 0.1 / 255)).rounded == .none)
  }

  /// What patches tell is taken where it is nearly the same, and not where it is much less.
  @Test func whiteNoiseIsWhatPatchesTell() {
    let read = NoiseModel(
      luma: .init(nodes: [0.05, 0.06, 0.07]), chroma: .init(nodes: [0.05, 0.058, 0.06]))
    let white = NoiseLevel(luma: 0.056, chroma: 0.055)
    #expect(read.whiteWhereEqual(to: white) == NoiseModel(white).rounded)
    #expect(read.whiteWhereEqual(to: NoiseLevel(luma: 0.02, chroma: 0.055)) == read)
  }

  /// Weak noise of luma is raised, strong noise and chroma are not.
  @Test func whatIsReadOfCamerasIsRaised() {
    let model = NoiseModel(
      luma: .init(nodes: [2 / 255, 4.5 / 255, 30 / 255]), chroma: .init(3 / 255)
    ).raised
    let levels = zip(model.luma.nodes, [3.6, 4.5 * 1.4, 30] as [Float])
    #expect(levels.allSatisfy { abs(255 * $0 - $1) < 0.006 })
    #expect(abs(255 * model.chroma.nodes[0] - 3) < 0.006)
    #expect(NoiseModel.none.raised == .none)
  }

  /// Certain pieces make the curve; those that know no more than the prior count for nothing.
  @Test func certainPiecesMakeTheCurve() throws {
    var fit = NoiseCurveFit()
    for index in 0..<60 {
      let brightness = Float(index) / 59
      let mean = NoiseEstimator.logarithm(ofLevel: (8 - 4 * brightness) / 255)
      fit.add(.init(mean: mean, variance: 0.01), brightness: brightness)
      fit.add(
        .init(mean: NoiseEstimator.prior.mean, variance: NoiseEstimator.prior.variance),
        brightness: brightness)
    }
    // A few pieces that are certain and wrong.
    for _ in 0..<6 { fit.add(.init(mean: -1, variance: 0.01), brightness: 0.5) }
    let curve = try #require(fit.curve())
    for (brightness, level) in [(0, 8), (0.5, 6), (1, 4)] as [(Float, Float)] {
      #expect(abs(curve.level(at: brightness) * 255 / level - 1) < 0.1)
    }
    #expect(NoiseCurveFit().curve() == nil)
  }

  @Test(arguments: [(64, 64), (100, 30), (700, 500), (20, 3000)])
  func piecesLieWithinThePicture(height: Int, width: Int) {
    let region = Region(rows: 0..<height, columns: 0..<width)
    let pieces = NoiseReader.pieces(of: region)
    #expect((1...300).contains(pieces.count))
    #expect(Set(pieces).count == pieces.count)
    #expect(pieces.allSatisfy { region.contains($0) })
    #expect(
      pieces.allSatisfy { $0.height == min(64, height) && $0.width == min(64, width) })
  }

  @Test func brightnessIsTheMeanAround() {
    let region = Region(rows: 0..<70, columns: 0..<100)
    let grid = BrightnessGrid(of: region, channels: 1) { target in
      let part = target.region
      for (line, row) in part.rows.enumerated() {
        for column in part.columns {
          target[line * part.width + column] = row < 32 ? 0.2 : 0.6
        }
      }
    }
    var row = [Float](repeating: 0, count: 100)
    grid.forEach(row: 3, columns: 0..<100) { row[$0] = $1 }
    #expect(row.allSatisfy { abs($0 - 0.2) < 1e-5 })
    grid.forEach(row: 69, columns: 0..<100) { row[$0] = $1 }
    #expect(row.allSatisfy { abs($0 - 0.6) < 1e-5 })
    grid.forEach(row: 31, columns: 0..<100) { row[$0] = $1 }
    #expect(row.allSatisfy { (0.35...0.45).contains($0) })
  }

  /// A picture that is flat all over has no noise.
  @Test func aFlatPictureHasNone() throws {
    let model = RandomConditionalModel.make(channels: 3, levels: 2)
    #expect(try NoiseReader(model, backend: PortableBackend()) == nil)
    model.noiseEstimator = NoiseEstimator(channels: 3, seed: 1)
    let reader = try #require(try NoiseReader(model, backend: PortableBackend()))
    let region = Region(rows: 0..<90, columns: 0..<70)
    let noise = try reader.noise(of: region, jpegQuality: nil) { $0.fill(with: 0.4) }
    #expect(noise == .none)
  }
}
