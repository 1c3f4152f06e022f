import Graphs
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

  /// The inputs that `Plan.fillNoise` fills.
  init(_ graph: Graph, rows: Int, _ counts: NoiseCounts) {
    normal = counts.normal > 0 ? graph.input(Self.normalName, [rows, counts.normal]) : nil
    uniform = counts.uniform > 0 ? graph.input(Self.uniformName, [rows, counts.uniform]) : nil
  }

  fileprivate static let normalName = "noise"
  fileprivate static let uniformName = "uniform_noise"

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

extension Plan {
  /// Fills the inputs of a `LatentNoise` anew.
  func fillNoise(using random: inout RandomSource) {
    if let normal = input(LatentNoise.normalName) { random.fillNormal(normal) }
    if let uniform = input(LatentNoise.uniformName) { random.fillUniform(uniform) }
  }

  /// Fills the inputs of a `LatentNoise` with the medians of their distributions, for draws without
  /// noise.
  func fillNoiseWithMedians() {
    input(LatentNoise.normalName)?.update(repeating: 0)
    input(LatentNoise.uniformName)?.update(repeating: 0.5)
  }
}
