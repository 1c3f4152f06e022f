// swift-tools-version: 6.0
import PackageDescription

// Where latent's repository is. script/examples says a copy of the checkout that this folder lies in.
let latent = Context.environment["LATENT_URL"] ?? "https://git.example.org/latent.git"

let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: latent, from: "0.1.0")],
  targets: [
    .executableTarget(
      name: "restore", dependencies: [.product(name: "LatentRestoration", package: "latent")]),
    .executableTarget(
      name: "code", dependencies: [.product(name: "LatentVAE", package: "latent")]),
    .executableTarget(
      name: "learn", dependencies: [.product(name: "LatentVAE", package: "latent")]),
  ]
)
