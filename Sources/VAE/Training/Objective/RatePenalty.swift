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
  /// - Parameters:
  ///   - rate: the mean over the batch, a scalar.
  ///   - groups: the divergence of each group, `[N]`, or of several, `[N, G]`.
  ///   - weight: w, a scalar; nil for 1.
  func ratePenalty(_ rate: Value, groups: [Value], weight: Value?) -> Value? {
    guard beta > 0 else { return nil }
    var total = rate
    if let freeBits {
      let parts = groups.map { group in
        let mean = group.sum([0]) / Float(group.shape[0])
        return mean.combined(.maximum, mean.graph.constant(freeBits, mean.shape)).sum()
      }
      total = parts.dropFirst().reduce(parts[0], +)
    }
    if let weight { total = total * weight }
    return beta == 1 ? total : total * beta
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
