import Datasets
import Graphs
import Pictures
import Tensors

/// How much base noise a draw of one vector of latents takes.
package struct NoiseCounts: Hashable, Sendable {
  /// Standard normal numbers.
  var normal = 0
  /// Numbers in (0, 1).
  var uniform = 0
}

/// The base noise of draws of the latents, a row a draw, as nodes of a graph.
package struct LatentNoise {
  /// Standard normal numbers, `[N, a]`; nil where none are needed.
  let normal: Value?
  /// Numbers in (0, 1), `[N, b]`; nil where none are needed.
  let uniform: Value?

  init(normal: Value? = nil, uniform: Value? = nil) {
    self.normal = normal
    self.uniform = uniform
  }

  /// Inputs.
  init(_ graph: Graph, rows: Int, _ counts: NoiseCounts) {
    normal = counts.normal > 0 ? graph.input([rows, counts.normal]) : nil
    uniform = counts.uniform > 0 ? graph.input([rows, counts.uniform]) : nil
  }

  /// The standard normal numbers.
  ///
  /// - Precondition: there are some.
  var normals: Value {
    guard let normal else { preconditionFailure("a draw that takes normal noise") }
    return normal
  }

  /// The numbers in (0, 1).
  ///
  /// - Precondition: there are some.
  var uniforms: Value {
    guard let uniform else { preconditionFailure("a draw that takes uniform noise") }
    return uniform
  }
}

extension FunctionInputs {
  /// Draws noise anew.
  func set(_ noise: LatentNoise, using random: inout RandomSource) {
    if let normal = noise.normal { setNormal(normal, using: &random) }
    if let uniform = noise.uniform { setUniform(uniform, using: &random) }
  }

  /// The numbers that a share of a batch's pictures has in the noise of the whole batch.
  ///
  /// - Parameters:
  ///   - random: at its start.
  ///   - pictures: of the share, among which the rows of noise are divided evenly.
  func set(_ noise: LatentNoise, using random: RandomSource, _ share: BatchShare, pictures: Int) {
    if share == .whole {
      var random = random
      return set(noise, using: &random)
    }
    var start = 0
    if let normal = noise.normal, !self[normal].isEmpty {
      random.fillRows(MutablePlaneView(row: self[normal]), share, pictures) {
        $0.fillNormal($1.numbers)
      }
      // Normal numbers are drawn in pairs.
      start = (self[normal].count * share.count + 1) / 2 * 2
    }
    if let uniform = noise.uniform, !self[uniform].isEmpty {
      random.fillRows(MutablePlaneView(row: self[uniform]), share, pictures, from: start) {
        $0.fillUniform($1.numbers)
      }
    }
  }

  /// The medians of the noise's distributions, for draws without noise.
  func setMedians(_ noise: LatentNoise) {
    if let normal = noise.normal { set(normal, to: 0) }
    if let uniform = noise.uniform { set(uniform, to: 0.5) }
  }
}

extension RandomSource {
  /// Fills memory with the numbers that a share of a batch's pictures has in those of the whole batch, of
  /// which each takes one word.
  ///
  /// - Parameters:
  ///   - first: the whole batch's first word, an even one.
  ///   - fill: fills memory with the next numbers, in pairs of words.
  func fillRows(
    _ memory: MutablePlaneView, _ share: BatchShare, _ pictures: Int,
    from first: Int = 0, fill: (inout RandomSource, MutablePlaneView) -> Void
  ) {
    let length = memory.count / pictures
    withUnsafeTemporaryAllocation(of: Float.self, capacity: length + 1) { buffer in
      for picture in 0..<pictures {
        let start = first + share.row(picture) * length
        // A pair may begin with the picture before.
        let skipped = start & 1
        var random = RandomSource(
          seed: seed, stream: stream, position: UInt64(start - skipped))
        fill(
          &random,
          MutablePlaneView(
            row: UnsafeMutableBufferPointer(rebasing: buffer[..<(length + skipped)])))
        for index in 0..<length { memory[picture * length + index] = buffer[skipped + index] }
      }
    }
  }
}
