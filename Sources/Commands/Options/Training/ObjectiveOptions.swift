import ArgumentParser
import VAE

/// How rate and distortion make up what training minimizes.
struct ObjectiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Weight of the rate: 1 is the bound, 0 a plain autoencoder without noise.
      """, valueName: "factor"))
  var beta: Float?

  @Option(
    help: ArgumentHelp(
      """
      Raise the weight of the rate from 0 over this many epochs (default: no warm-up; with --preset \
      photograph or --prior vamp, the first fifth of the run; with deep, the first tenth).
      """, valueName: "epochs"))
  var warmUp: Double?

  @Option(
    help: ArgumentHelp(
      """
      Nats per group of latents that cost nothing, so that no group is given up (default: none; \
      0.1 with --preset deep).
      """, valueName: "nats"))
  var freeBits: Float?

  @Option(
    help: ArgumentHelp(
      """
      Groups of latents for --free-bits: a divisor of their number (default: one per latent). The \
      groups of a hierarchical model are its levels.
      """, valueName: "count"))
  var latentGroups: Int?

  @Option(
    help: ArgumentHelp(
      """
      Damage what the encoder sees, but explain the clean picture: noise:DEVIATION on the scale 0 \
      to 255, or flips:PROBABILITY.
      """, valueName: "kind:amount"))
  var denoisingCriterion: DenoisingCriterion?

  func validate() throws {
    if let beta, !(beta.isFinite && beta >= 0) {
      throw ValidationError("expected a --beta of at least 0, found \(beta)")
    }
    if let warmUp, !(warmUp.isFinite && warmUp >= 0) {
      throw ValidationError("expected a --warm-up of at least 0 epochs, found \(warmUp)")
    }
    if let freeBits, !(freeBits.isFinite && freeBits > 0) {
      throw ValidationError("expected positive --free-bits, found \(freeBits)")
    }
    if latentGroups != nil && freeBits == nil {
      throw ValidationError("--latent-groups belongs to --free-bits")
    }
    if beta == 0 && (warmUp ?? 0 > 0 || freeBits != nil) {
      throw ValidationError(
        "--warm-up and --free-bits weigh the rate, which --beta 0 leaves out")
    }
    try requireCounts([("--latent-groups", latentGroups, 1...65_536)])
  }

  /// - Parameter start: what the options go over.
  func configuration(_ start: TrainingConfiguration) -> TrainingConfiguration {
    var configuration = start
    if let beta { configuration.beta = beta }
    if let warmUp { configuration.rateWarmUp = warmUp > 0 ? .epochs(warmUp) : nil }
    if beta == 0 { configuration.rateWarmUp = nil }
    if let freeBits { configuration.freeBits = freeBits }
    if beta == 0 { configuration.freeBits = nil }
    configuration.latentGroups = latentGroups
    configuration.denoising = denoisingCriterion
    return configuration
  }
}

extension DenoisingCriterion: ExpressibleByArgument {
  public init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let amount = Float(parts[1]), amount.isFinite, amount > 0 else {
      return nil
    }
    switch parts[0] {
    case "noise": self = .noise(standardDeviation: amount / 255)
    case "flips" where amount < 1: self = .flips(probability: amount)
    default: return nil
    }
  }
}
