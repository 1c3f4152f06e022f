import Graphs
import Tensors

/// Independent Bernoulli pixels (AEVB, appendix C.1).
struct BernoulliLikelihood: PlainFamily, DiscreteLikelihood {
  static let name = "bernoulli"
  func outputs(channels: Int) -> Int { channels }

  func distribution(_ output: Value) -> any PixelDistribution { BernoulliPixels(logits: output) }

  func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource
  ) {
    for index in picture.indices where isWanted(index) {
      picture[index] = random.nextUniform() < parameters[0][index] ? 1 : 0
    }
  }
}

extension Configuration.Likelihood {
  public static var bernoulli: Self { Self(BernoulliLikelihood()) }
}

/// Samples that are 1 with the logistic function of a logit as their probability, else 0.
struct BernoulliPixels: PixelDistribution {
  let logits: Value

  var mean: Value { logits.sigmoid() }
  var location: Value { logits }
  var variance: Value { logits.sigmoid() * (1 - logits.sigmoid()) }
  func pixelLogDensity(_ x: Value) -> Value { x * logits - logits.softplus() }
  var drawParameters: [Value] { [mean] }
  func mapped(_ body: (Value) -> Value) -> Self { Self(logits: body(logits)) }
}
