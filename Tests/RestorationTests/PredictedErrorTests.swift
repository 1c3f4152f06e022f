import Graphs
import Pictures
import Tensors
import Testing
import VAE

@testable import Restoration

@Suite struct PredictedErrorTests {
  private func deviation(
    _ picture: (observation: Tensor, maps: Tensor), tile: Int, ensemble: SelfEnsemble? = nil
  ) throws -> (estimate: Tensor, deviation: Tensor) {
    let restorer = try ConditionalRestorer(
      RandomConditionalModel.make(predictsError: true), tile: tile, backend: Backends.selected)
    #expect(restorer.predictsError)
    let (height, width) = (picture.observation.shape[1], picture.observation.shape[2])
    var (estimate, deviation) = (Tensor(picture.observation.shape), Tensor([1, height, width]))
    func insert(
      _ pixels: UnsafeBufferPointer<Float>, _ region: Region, _ target: inout Tensor
    ) {
      let channels = target.shape[0]
      target.withUnsafeMutableElements {
        $0.insert(pixels, at: region, channels: channels, height: height, width: width)
      }
    }
    try restorer.restore(
      DamagedPicture(observation: picture.observation, maps: picture.maps), ensemble: ensemble,
      deviation: { insert($1, $0, &deviation) }, to: { insert($1, $0, &estimate) })
    return (estimate, deviation)
  }

  @Test(arguments: [(119, 142), (53, 70), (34, 33)])
  func bandsDoNotShow(_ size: (height: Int, width: Int)) throws {
    let picture = RandomConditionalModel.picture(
      height: size.height, width: size.width, masked: true)
    let whole = try deviation(picture, tile: 1000)
    let tiled = try deviation(picture, tile: 16)
    #expect(whole.estimate == tiled.estimate && whole.deviation == tiled.deviation)
    #expect(Set(whole.deviation.elements).count > 300)
    #expect(whole.deviation.elements.allSatisfy { (0.0009...1).contains($0) })
  }

  @Test func whatIsKnownIsCertain() throws {
    let picture = RandomConditionalModel.picture(height: 24, width: 24, noise: 0, masked: true)
    let deviation = try deviation(picture, tile: 16).deviation
    for index in deviation.elements.indices {
      #expect((deviation[index] == 0) == (picture.maps[index] != 0))
    }
  }

  /// It is that of the picture as it is, however many ways the estimate is averaged over.
  @Test func anEnsembleChangesTheEstimateAlone() throws {
    let picture = RandomConditionalModel.picture(height: 40, width: 32)
    let (one, four) = (
      try deviation(picture, tile: 1000), try deviation(picture, tile: 1000, ensemble: .four)
    )
    #expect(one.estimate != four.estimate)
    #expect(one.deviation == four.deviation)
  }
}
