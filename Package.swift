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

/// A C library that is used where its header is installed. VARIABLE=0 leaves it out; VARIABLE=PREFIX takes
/// header and library from PREFIX/include and PREFIX/lib.
func optionalLibrary(
  _ variable: String, header: String, library: String, define: String
) -> (c: [CSetting], linker: [LinkerSetting]) {
  let choice = Context.environment[variable] ?? ""
  guard choice != "0" else { return ([], []) }
  if choice.hasPrefix("/") {
    return (
      [.define(define), .unsafeFlags(["-I\(choice)/include"])],
      [
        .unsafeFlags(["-L\(choice)/lib", "-Xlinker", "-rpath=\(choice)/lib"]),
        .linkedLibrary(library),
      ]
    )
  }
  // Debian keeps some headers in a folder for each architecture.
  let folders = ["", "x86_64-linux-gnu/", "aarch64-linux-gnu/"].flatMap {
    ["/usr/include/" + $0, "/usr/local/include/" + $0]
  }
  guard folders.contains(where: { FileManager.default.fileExists(atPath: $0 + header) }) else {
    return ([], [])
  }
  return ([.define(define)], [.linkedLibrary(library)])
}

let tiff = optionalLibrary(
  "LATENT_TIFF", header: "tiffio.h", library: "tiff", define: "LATENT_HAS_TIFF")
let webP = optionalLibrary(
  "LATENT_WEBP", header: "webp/decode.h", library: "webp", define: "LATENT_HAS_WEBP")

/// MPI, of which distributions keep headers and libraries in folders of their own. It is used only where
/// LATENT_MPI is set, as the build scripts do: the flags that it takes would keep other packages from depending
/// on this one. LATENT_MPI=1 takes what is found; openmpi or mpich chooses, where both are there; PREFIX takes
/// PREFIX/include and PREFIX/lib; 0 leaves it out.
func messagePassing() -> (c: [CSetting], linker: [LinkerSetting]) {
  let value = Context.environment["LATENT_MPI"] ?? "0"
  let choice = value == "1" ? "" : value
  var places: [(include: String, lib: String?, linked: String)] = []
  if choice.hasPrefix("/") {
    places = [(choice + "/include", choice + "/lib", "mpi")]
  } else {
    for machine in ["x86_64", "aarch64"] {
      let debian = "\(machine)-linux-gnu"
      if choice != "mpich" {
        places += [
          ("/usr/lib/\(debian)/openmpi/include", "/usr/lib/\(debian)/openmpi/lib", "mpi"),
          ("/usr/include/openmpi-\(machine)", "/usr/lib64/openmpi/lib", "mpi"),
        ]
      }
      if choice != "openmpi" {
        places += [
          ("/usr/include/\(debian)/mpich", nil, "mpich"),
          ("/usr/include/mpich-\(machine)", "/usr/lib64/mpich/lib", "mpi"),
        ]
      }
    }
    if choice.isEmpty {
      places += ["/usr/local", "/opt/homebrew", "/usr"].map {
        ($0 + "/include", $0 + "/lib", "mpi")
      }
    }
  }
  let found = places.first { FileManager.default.fileExists(atPath: $0.include + "/mpi.h") }
  guard choice != "0", let found else { return ([], []) }
  let search = found.lib.map {
    [LinkerSetting.unsafeFlags(["-L\($0)", "-Xlinker", "-rpath=\($0)"])]
  }
  return (
    [.define("LATENT_HAS_MPI"), .unsafeFlags(["-I\(found.include)"])],
    (search ?? []) + [.linkedLibrary(found.linked)]
  )
}

let mpi = messagePassing()

let package = Package(
  name: "latent",
  products: [
    .executable(name: "latent", targets: ["latent"]),
    .library(name: "LatentVAE", targets: ["LatentVAE"]),
    .library(name: "LatentRestoration", targets: ["LatentRestoration"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .target(name: "CTIFF", cSettings: tiff.c, linkerSettings: tiff.linker),
    .target(name: "CWebP", cSettings: webP.c, linkerSettings: webP.linker),
    .target(name: "CSystem"),
    .target(
      name: "COneDNN", cxxSettings: oneDNNCxxSettings, linkerSettings: oneDNNLinkerSettings),
    .target(name: "CMPI", cSettings: mpi.c, linkerSettings: mpi.linker),
    .target(name: "CKernels"),

    .target(name: "Platform", dependencies: ["CSystem"]),
    .target(name: "Files", dependencies: ["Platform"]),
    .target(name: "Ranks", dependencies: ["Platform", "CMPI"]),
    .target(
      name: "ImageCodecs", dependencies: ["CPNG", "CJPEG", "CTIFF", "CWebP", "Platform", "Files"]),
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
        "Datasets", "Ranks",
      ]),
    .target(
      name: "Restoration",
      dependencies: [
        "Platform", "VAE", "Datasets", "Pictures", "ImageCodecs", "Graphs", "Networks",
        "Checkpoints", "Files", "Tensors",
      ]),
    .target(
      name: "Batches",
      dependencies: [
        "Platform", "Files", "Checkpoints", "Tensors", "ImageCodecs", "Pictures", "Graphs",
        "Datasets", "VAE", "Restoration",
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "Platform", "Files", "Tensors", "ImageCodecs", "Pictures", "Graphs", "Checkpoints",
        "Datasets", "VAE", "Restoration",
      ]),
    .target(
      name: "Commands",
      dependencies: [
        "Platform", "ImageCodecs", "Tensors", "Pictures", "Graphs", "Networks", "Checkpoints",
        "Datasets", "VAE", "Restoration", "Batches", "Reports", "Files", "Ranks",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "latent", dependencies: ["Commands"]),
    .target(
      name: "LatentVAE",
      dependencies: ["Tensors", "Files", "ImageCodecs", "Pictures", "Networks", "Datasets", "VAE"]),
    .target(name: "LatentRestoration", dependencies: ["LatentVAE", "Restoration"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

for module in [
  "Files", "ImageCodecs", "Tensors", "Pictures", "Ranks", "Graphs", "Networks", "Checkpoints",
  "Datasets",
  "VAE", "Restoration", "Batches", "Reports",
] {
  package.targets.append(
    .testTarget(
      name: "\(module)Tests", dependencies: [.byName(name: module)], path: "Tests/\(module)Tests"))
}

package.targets.append(
  .testTarget(
    name: "CommandLineTests",
    dependencies: [
      "Commands", "Batches", "Files", "ImageCodecs", "Tensors", "Pictures", "VAE", "Restoration",
      "Ranks", "latent",
    ],
    exclude: ["Snapshots"]))

// The readers under libFuzzer: see script/fuzz.
if Context.environment["LATENT_FUZZ"] == "1" {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Datasets", "Files", "Graphs", "ImageCodecs", "Pictures", "Platform",
        "Tensors", "VAE",
      ],
      path: "Fuzzing", exclude: ["README.md", "Small"],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
  package.targets.append(
    .executableTarget(
      name: "fuzz-small", dependencies: ["Checkpoints", "Platform"], path: "Fuzzing/Small",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
