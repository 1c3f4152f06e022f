import Graphs

/// What the loss counts of the rate.
extension TrainingConfiguration {
  /// When the rate's weight has risen from 0 to beta.
  public enum WarmUp: Hashable, Sendable {
    /// After this share of the run, 0...1.
    case share(Double)
    /// After so many passes over the data.
    case epochs(Double)
  }

  /// The share of beta that the rate weighs: rises linearly from 0 to 1 (Bowman et al. 2016;
  /// Sønderby et al. 2016).
  ///
  /// - Parameters:
  ///   - progress: the share of the run that is done.
  ///   - epoch: the passes over the data that are done.
  func rateWeight(at progress: Double, epoch: Double) -> Float {
    switch rateWarmUp {
    case nil: 1
    case .share(let share): share > 0 ? Float(min(1, progress / share)) : 1
    case .epochs(let epochs): epochs > 0 ? Float(min(1, epoch / epochs)) : 1
    }
  }

  /// beta w sum_g max(lambda, mean KL_g), a scalar: the rate's weight times the rate, in which a group
  /// of latents that costs less than lambda on the batch's average has no gradient (free bits: Kingma
  /// et al. 2016, appendix C.8). nil where beta is 0.
  ///
  /// While w is below 1, groups that cost more weigh more (`balanced`).
  ///
  /// - Parameters:
  ///   - rate: the mean over the batch, a scalar.
  ///   - groups: the divergence of each group, `[N]`, or of several, `[N, G]`.
  ///   - weight: w, a scalar; nil for 1.
  func ratePenalty(_ rate: Value, groups: [Value], weight: Value?) -> Value? {
    guard beta > 0 else { return nil }
    var total = rate
    let isBalanced = weight != nil && groups.count > 1
    if freeBits != nil || isBalanced {
      let parts = groups.map { group in
        let mean = group.sum([0]) / Float(group.shape[0])
        return freeBits.map { mean.combined(.maximum, mean.graph.constant($0, mean.shape)) } ?? mean
      }
      total = Self.sum(parts)
      if let weight, isBalanced {
        total = total * weight + Self.balanced(parts, total) * (1 - weight)
      }
    }
    if let weight { total = total * weight }
    return beta == 1 ? total : total * beta
  }

  private static func sum(_ parts: [Value]) -> Value {
    parts.dropFirst().reduce(parts[0].sum()) { $0 + $1.sum() }
  }

  /// sum_g gamma_g KL_g with gamma_g proportional to KL_g and 1 on average, and no gradient through it: what costs
  /// little is nearly free, so that coarse grids learn to say something before fine ones have said all (Vahdat and Kautz
  /// 2020, appendix A, where gamma counts cells as well).
  private static func balanced(_ parts: [Value], _ total: Value) -> Value {
    let count = Float(parts.reduce(0) { $0 + $1.shape.count })
    let mean = total.stoppingGradient() * (1 / count) + 1e-6
    return sum(parts.map { $0 * ($0.stoppingGradient() / mean) })
  }
}

extension DiagonalGaussian {
  /// The parts of KL(q || N(0, I)) that groups of latents next to each other have, `[N, groups]`.
  ///
  /// - Precondition: `groups` divides the latents.
  func groupDivergences(_ groups: Int) -> Value {
    let (rows, latents) = (mean.shape[0], mean.shape[1])
    precondition(latents % groups == 0, "groups of equal size")
    let each = (mean.squared() + logVariance.exp() - logVariance - 1) * 0.5
    return each.reshaped(to: [rows, groups, latents / groups]).sum([2])
  }
}
