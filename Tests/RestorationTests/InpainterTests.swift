import Graphs
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite struct InpainterTests {
  /// The upper half is seen.
  private static let known = Tensor(
    Bars.image.shape, (0..<64).map { $0 < 32 ? 1 : 0 })
  private static let hidden = Tensor(Bars.image.shape, known.elements.map { 1 - $0 })

  private func inpainter(_ method: Inpainter.Method) throws -> Inpainter {
    var options = Inpainter.Options()
    options.method = method
    (options.steps, options.chains, options.iterations) = (40, 4, 10)
    return try Inpainter(Bars.model(), options: options, backend: PortableBackend())
  }

  /// An example of a cluster whose lower half is `filling`.
  private func damaged(_ bars: Bars, filling: Float = 0.5) -> Tensor {
    var random = RandomSource(seed: 40)
    return bars.example(&random).filled(
      with: [Float](repeating: filling, count: 64), where: Self.known)
  }

  private func keepsWhatIsSeen(_ result: Tensor, _ picture: Tensor) -> Bool {
    result.elements.indices.allSatisfy { index in
      Self.known[index] == 0 || result[index].bitPattern == picture[index].bitPattern
    }
  }

  @Test(arguments: Inpainter.Method.allCases, Bars.allCases)
  func fillsTheHiddenHalf(method: Inpainter.Method, bars: Bars) throws {
    var random = RandomSource(seed: 1)
    let picture = damaged(bars)
    let result = try inpainter(method).inpaint(picture, known: Self.known, using: &random)
    #expect(keepsWhatIsSeen(result, picture))
    let found = result.squaredError(bars.picture, where: Self.hidden)
    let average = Bars.average.squaredError(bars.picture, where: Self.hidden)
    #expect(found < 0.25 * average, "\(found), the mean picture \(average)")
  }

  /// What stands under the mask has no influence.
  @Test(arguments: Inpainter.Method.allCases)
  func hiddenPixelsAreNotLookedAt(method: Inpainter.Method) throws {
    let inpainter = try inpainter(method)
    let results = try ([0, 1] as [Float]).map { filling in
      var random = RandomSource(seed: 2)
      return try inpainter.inpaint(
        damaged(.left, filling: filling), known: Self.known, using: &random)
    }
    #expect(results[0] == results[1])
  }

  @Test(arguments: Inpainter.Method.allCases)
  func oneSeedGivesOneResult(method: Inpainter.Method) throws {
    let inpainter = try inpainter(method)
    let results = try (0..<2).map { _ in
      var random = RandomSource(seed: 3)
      return try inpainter.inpaint(damaged(.right), known: Self.known, using: &random)
    }
    #expect(results[0] == results[1])
  }

  /// More samples than chains, so that the chains are run twice.
  @Test(arguments: Inpainter.Method.allCases)
  func samplesDifferAndRepeat(method: Inpainter.Method) throws {
    let inpainter = try inpainter(method)
    let picture = damaged(.right)
    let runs = try (0..<2).map { _ in
      var random = RandomSource(seed: 4)
      return try inpainter.samples(picture, known: Self.known, count: 6, using: &random)
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0].count == 6)
    #expect(runs[0].allSatisfy { keepsWhatIsSeen($0, picture) })
    if method != .map { #expect(Set(runs[0]).count == 6) }
  }

  /// Everything seen comes back as it is; with nothing seen the model fills the whole picture.
  @Test(arguments: Inpainter.Method.allCases)
  func extremes(method: Inpainter.Method) throws {
    let inpainter = try inpainter(method)
    var random = RandomSource(seed: 5)
    let picture = damaged(.left)
    let all = Tensor(Bars.image.shape, repeating: 1)
    #expect(try inpainter.inpaint(picture, known: all, using: &random) == picture)
    let none = Tensor(Bars.image.shape)
    let result = try inpainter.inpaint(picture, known: none, using: &random)
    #expect(result.elements.allSatisfy { (0...1).contains($0) })
    #expect(result != picture)
  }
}
