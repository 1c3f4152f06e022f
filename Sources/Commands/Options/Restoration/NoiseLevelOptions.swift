import ArgumentParser
import Restoration

/// The noise of pictures, given rather than estimated.
struct NoiseLevelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Standard deviation of white noise on the scale 0 to 255, in place of an estimate.",
      valueName: "deviation"))
  var sigma: Float?

  @Option(
    help: ArgumentHelp(
      """
      The noise of luma and of chroma on the scale 0 to 255, as in luma=6.1,chroma=4; three levels \
      with slashes between are those of dark, middle and bright areas. Or a file that latent info \
      PICTURE --json wrote, for pictures of the same camera.
      """, valueName: "levels|file"))
  var noise: NoiseOption?

  func validate() throws {
    if let sigma, !(sigma.isFinite && sigma >= 0) {
      throw ValidationError("expected a --sigma of 0 or more, found \(sigma)")
    }
  }

  /// Refuses more than one option that gives the noise.
  ///
  /// - Parameter other: another one of the command's.
  func requireOne(beside other: (name: String, isGiven: Bool)) throws {
    let given = [("--sigma", sigma != nil), ("--noise", noise != nil), other].filter(\.1).map(\.0)
    guard given.count > 1 else { return }
    throw ValidationError("expected \(given[0]) or \(given[1]), found both")
  }

  /// The noise that is given; nil where none is.
  func level() throws -> NoiseDescription.Level? {
    if let noise { return .model(try noise.model()) }
    return sigma.map { .deviation($0 / 255) }
  }

  /// The files that are read, with their roles.
  var files: [(path: String, role: String)] {
    noise?.file.map { [($0, "a description of noise")] } ?? []
  }
}
