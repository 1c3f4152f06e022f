// swift-tools-version: 6.0
import Foundation
import PackageDescription

// oneDNN is used where its headers are installed. LATENT_ONEDNN=0 leaves it out;
// LATENT_ONEDNN=PREFIX takes headers and library from PREFIX/include and PREFIX/lib.
let oneDNNChoice = Context.environment["LATENT_ONEDNN"] ?? ""
let oneDNNPrefix = oneDNNChoice.hasPrefix("/") ? oneDNNChoice : nil
let oneDNNHeaderFolders = (oneDNNPrefix.map { [$0] } ?? ["/usr", "/usr/local"]).map {
  $0 + "/include/"
}
let hasOneDNN =
  oneDNNChoice != "0"
  && oneDNNHeaderFolders.contains {
    FileManager.default.fileExists(atPath: $0 + "oneapi/dnnl/dnnl.h")
      || FileManager.default.fileExists(atPath: $0 + "dnnl.h")
  }

var oneDNNCxxSettings: [CXXSetting] = []
var oneDNNLinkerSettings: [LinkerSetting] = []
if hasOneDNN {
  oneDNNCxxSettings.append(.define("LATENT_HAS_ONEDNN"))
  if let prefix = oneDNNPrefix {
    // By its path: a search path of another library may lead to the system's oneDNN first.
    oneDNNCxxSettings.append(.unsafeFlags(["-I\(prefix)/include"]))
    oneDNNLinkerSettings.append(
      .unsafeFlags(["-Xlinker", "\(prefix)/lib/libdnnl.so", "-Xlinker", "-rpath=\(prefix)/lib"]))
  } else {
    oneDNNLinkerSettings.append(.linkedLibrary("dnnl"))
  }
}

let package = Package(
  name: "latent",
  products: [
    .executable(name: "latent", targets: ["latent"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .target(
      name: "COneDNN", cxxSettings: oneDNNCxxSettings, linkerSettings: oneDNNLinkerSettings),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),

    .target(name: "Platform"),
    .target(name: "Files", dependencies: ["Platform"]),
    .target(name: "ImageCodecs", dependencies: ["CPNG", "CJPEG", "Files"]),
    .target(name: "Tensors", dependencies: ["Platform", "CKernels"]),
    .target(name: "Pictures", dependencies: ["Platform", "ImageCodecs", "Tensors", "Files"]),
    .target(name: "Graphs", dependencies: ["Platform", "Tensors", "CKernels", "COneDNN"]),
    .target(name: "Networks", dependencies: ["Platform", "Graphs", "Tensors", "CKernels"]),
    .target(name: "Checkpoints", dependencies: ["Tensors", "Files"]),
    .target(
      name: "Datasets",
      dependencies: [
        "Platform", "ImageCodecs", "Pictures", "Tensors", "Checkpoints", "Files", "CZlib",
      ]),
    .target(
      name: "VAE",
      dependencies: [
        "Platform", "Files", "Tensors", "Pictures", "Graphs", "Networks", "Checkpoints",
        "Datasets",
      ]),
    .target(
      name: "Restoration",
      dependencies: [
        "Platform", "VAE", "Datasets", "Pictures", "ImageCodecs", "Graphs", "Networks",
      ]),
    .target(
      name: "Commands",
      dependencies: [
        "Platform", "ImageCodecs", "Tensors", "Pictures", "Graphs", "Networks", "Checkpoints",
        "Datasets", "VAE", "Restoration", "Files",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "latent", dependencies: ["Commands"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

for module in [
  "Files", "ImageCodecs", "Tensors", "Pictures", "Graphs", "Networks", "Checkpoints", "Datasets",
  "VAE", "Restoration",
] {
  package.targets.append(
    .testTarget(
      name: "\(module)Tests", dependencies: [.byName(name: module)], path: "Tests/\(module)Tests"))
}

package.targets.append(
  .testTarget(
    name: "CommandLineTests",
    dependencies: [
      "Commands", "ImageCodecs", "Tensors", "Pictures", "VAE", "Restoration", "latent",
    ],
    exclude: ["Snapshots"]))
