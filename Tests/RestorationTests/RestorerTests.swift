import Graphs
import Pictures
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite("a restorer") struct RestorerTests {
  private func picture(_ width: Int = 40) -> Picture {
    Picture(
      pixels: RandomConditionalModel.picture(height: 24, width: width).observation,
      alpha: (0..<24 * width).map { $0 % 3 == 0 ? 0.5 : 1 }, depth: 16)
  }

  private func restorer() throws -> Restorer { try Restorer(RandomConditionalModel.make()) }

  @Test("its calls give what the parts of the library give")
  func matchesParts() throws {
    let opaque = Picture(pixels: picture().pixels)
    let result = try restorer().denoise(opaque, noise: .deviation(0.1))
    let denoiser = try PictureDenoiser(
      RandomConditionalModel.make(),
      fit: PictureFit(
        RandomConditionalModel.make().configuration, PictureFitting(), alternatives: []),
      WantedResults(), backend: Backends.selected)
    let expected = try denoiser.denoise(opaque, .deviation(0.1)).results[0]
    #expect(result.pixels == expected.pixels)
  }

  @Test("what a file says beside the colors stays")
  func keepsRest() throws {
    let result = try restorer().denoise(picture(), noise: .deviation(0.1))
    #expect(result.alpha == picture().alpha)
    #expect(result.depth == 16)
    var options = Restorer.Options()
    options.keepsTransparency = false
    let opaque = try restorer().denoise(picture(), noise: .deviation(0.1), options: options)
    #expect(opaque.alpha == nil)
  }

  @Test("seen pixels come back, hidden ones change")
  func fills() throws {
    let hole = Picture(pixels: Tensor([1, 24, 40], (0..<960).map { $0 % 40 < 10 ? 1 : 0 }))
    let picture = Picture(pixels: picture().pixels)
    let result = try restorer().inpaint(picture, mask: PictureMask(hole))
    for place in picture.pixels.elements.indices where place % 40 >= 10 {
      #expect(result.pixels[place] == picture.pixels[place])
    }
    #expect(result.pixels != picture.pixels)
  }

  @Test("progress rises to the end; what is thrown there ends the call")
  func reports() throws {
    struct Stop: Error {}
    var options = Restorer.Options()
    options.tile = 16
    var fractions: [Double] = []
    _ = try restorer().denoise(picture(80), noise: .deviation(0.1), options: options) {
      fractions.append($0.fraction)
    }
    #expect(fractions.count > 1)
    #expect(fractions == fractions.sorted())
    #expect(fractions.last == 1)
    var calls = 0
    #expect(throws: Stop.self) {
      try restorer().denoise(picture(80), noise: .deviation(0.1), options: options) { _ in
        calls += 1
        throw Stop()
      }
    }
    #expect(calls == 1)
  }

  @Test("a task that is canceled gets no result")
  func isCanceled() async throws {
    let (restorer, picture) = (try restorer(), picture())
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try restorer.denoise(picture, noise: .deviation(0.1))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }

  @Test("tasks that share one get the results of one after another")
  func isShared() async throws {
    let (restorer, picture) = (try restorer(), picture())
    let alone = try restorer.denoise(picture, noise: .deviation(0.1)).pixels
    let results = try await withThrowingTaskGroup(of: Tensor.self) { group in
      for _ in 0..<4 {
        group.addTask { try restorer.denoise(picture, noise: .deviation(0.1)).pixels }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 4)
    #expect(results.allSatisfy { $0 == alone })
  }

  @Test("enlarging is not for models without a condition")
  func refusesFlatModels() throws {
    let restorer = try Restorer(Bars.model())
    #expect(throws: RestorationError.self) {
      try restorer.upscale(Picture(pixels: Bars.left.picture), .factor(2))
    }
  }
}
