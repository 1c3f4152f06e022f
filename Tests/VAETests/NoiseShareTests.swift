import Datasets
import Pictures
import Tensors
import Testing

@testable import VAE

@Suite("noise of shares of batches")
struct NoiseShareTests {
  @Test("is that of the rows of the whole, in pairs or not", arguments: [1, 2, 5, 8, 333])
  func rows(length: Int) {
    let random = RandomSource(seed: 4, stream: 9)
    for count in [2, 3] {
      let pictures = 4
      var whole = [Float](repeating: 0, count: length * pictures * count)
      var uniform = whole
      let start = (whole.count + 1) / 2 * 2
      var source = random
      whole.withUnsafeMutableBufferPointer { source.fillNormal($0) }
      uniform.withUnsafeMutableBufferPointer { source.fillUniform($0) }
      for rank in 0..<count {
        let share = BatchShare(rank: rank, count: count)
        var part = [Float](repeating: 0, count: length * pictures)
        part.withUnsafeMutableBufferPointer {
          random.fillRows(MutablePlaneView(row: $0), share, pictures) {
            $0.fillNormal($1.numbers)
          }
        }
        let places = (0..<pictures).flatMap { picture in
          (0..<length).map { share.row(picture) * length + $0 }
        }
        #expect(part == places.map { whole[$0] })
        part.withUnsafeMutableBufferPointer {
          random.fillRows(MutablePlaneView(row: $0), share, pictures, from: start) {
            $0.fillUniform($1.numbers)
          }
        }
        #expect(part == places.map { uniform[$0] })
      }
    }
  }
}
