import Graphs
import Tensors

/// L draws of q(z|x) for each of N pictures and what they say, as nodes of a graph: what the bound
/// and the importance-weighted estimate are made of.
package struct PosteriorDraws {
  /// The pictures, each as often as it has draws, `[N L, C, H, W]`.
  let pictures: Value
  /// p(x|z) of each draw.
  let likelihood: any PixelDistribution
  /// KL(q(z_k | z_>k, x) || p(z_k | z_>k)) of each group, the finest first, one for a flat model:
  /// in closed form given the draws of the groups above, averaged over these, or, where there is
  /// none, the mean of minus `logRatio` over the draws; `[N]`, in nats.
  let groupRates: [Value]
  /// log p(z) - log q(z|x) of each draw, `[N L]`: with `logLikelihood` the logarithm of an
  /// importance weight (Burda, Grosse and Salakhutdinov 2016, section 3).
  let logRatio: Value

  /// log p(x|z) of each draw, `[N L]`.
  var logLikelihood: Value { likelihood.logDensity(pictures) }

  /// The bound of each picture, `[N]`.
  var bound: EvidenceLowerBound {
    EvidenceLowerBound(
      rate: groupRates.dropFirst().reduce(groupRates[0], +),
      distortion: -logLikelihood.meanOfDraws(pictures: groupRates[0].shape[0]))
  }

  /// What the draws say of the upper left part of the pictures.
  func cropped(height: Int, width: Int) -> PosteriorDraws {
    PosteriorDraws(
      pictures: pictures.cropped(height: height, width: width),
      likelihood: likelihood.cropped(height: height, width: width), groupRates: groupRates,
      logRatio: logRatio)
  }
}

extension Value {
  /// `[N L]` to the means over each picture's draws, `[N]`.
  func meanOfDraws(pictures: Int) -> Value {
    let samples = shape[0] / pictures
    return reshaped(to: [pictures, samples]).sum([1]) / Float(samples)
  }
}
