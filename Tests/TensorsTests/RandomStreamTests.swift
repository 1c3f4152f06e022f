import Testing

@testable import Tensors

@Suite("the register of random streams")
struct RandomStreamTests {
  @Test("no two uses of a seed share a stream for less than four milliard steps")
  func apart() {
    let streams = [
      RandomStreams.pictures, RandomStreams.noise, RandomStreams.parameters,
      RandomStreams.evaluation, RandomStreams.damage, RandomStreams.validation,
      RandomStreams.binarization, RandomStreams.augmentation, RandomStreams.observations,
      RandomStreams.fixedBinarization, RandomStreams.order, RandomStreams.split,
      RandomStreams.tiles,
    ].sorted()
    for (first, next) in zip(streams, streams.dropFirst()) {
      #expect(next - first >= 1 << 32, "\(first) and \(next)")
    }
  }
}
