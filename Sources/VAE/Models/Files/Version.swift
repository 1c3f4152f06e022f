/// The program's version, as in `latent --version` and in the models it writes.
public let latentVersion = "0.1.0"
