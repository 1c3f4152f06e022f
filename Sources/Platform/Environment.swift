/// The environment variables that the program reads, all of them. One that is empty counts as not set.
package enum Environment {
  /// LATENT_BACKEND: what computes.
  package static var backend: String? { value("LATENT_BACKEND") }
  /// LATENT_MODELS: folders of models, with colons between.
  package static var models: String? { value("LATENT_MODELS") }
  /// LATENT_PROFILE: whether, and how, to tell where the time went.
  package static var profile: String? { value("LATENT_PROFILE") }
  /// PATH: folders of programs, with colons between.
  package static var searchPath: String? { value("PATH") }

  private static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
