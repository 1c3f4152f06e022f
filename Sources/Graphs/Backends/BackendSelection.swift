import Platform

/// The backends of this build, by name.
package enum Backends {
  /// The names `LATENT_BACKEND` may hold, fastest first.
  package static var available: [String] {
    (OneDNNBackend.isAvailable ? ["onednn"] : []) + ["portable", "reference"]
  }

  /// oneDNN where it is compiled in, the portable kernels elsewhere.
  package static var `default`: any Backend {
    OneDNNBackend.isAvailable ? OneDNNBackend() : PortableBackend()
  }

  /// The one that the environment variable `LATENT_BACKEND` names, or the default.
  ///
  /// - Throws: `BackendError` for a name that is not available.
  package static var selected: any Backend {
    get throws {
      try Environment.backend.map(named) ?? `default`
    }
  }

  /// - Throws: `BackendError` for a name that is not available.
  package static func named(_ name: String) throws -> any Backend {
    switch name {
    case "reference": return ReferenceBackend()
    case "portable": return PortableBackend()
    case "onednn" where OneDNNBackend.isAvailable: return OneDNNBackend()
    default:
      let names = available.joined(separator: ", ")
      throw BackendError("LATENT_BACKEND: expected one of \(names), found '\(name)'")
    }
  }
}
