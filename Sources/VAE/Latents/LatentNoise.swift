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

  /// The medians of the noise's distributions, for draws without noise.
  func setMedians(_ noise: LatentNoise) {
    if let normal = noise.normal { set(normal, to: 0) }
    if let uniform = noise.uniform { set(uniform, to: 0.5) }
  }
}
