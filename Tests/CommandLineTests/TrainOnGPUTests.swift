import Foundation
import Testing

/// `script/train-on-gpu` against the program, where there is a Python that has PyTorch.
@Suite("script/train-on-gpu") struct TrainOnGPUTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let script = root.appendingPathComponent("script/train-on-gpu").path

  /// Runs the script; what it prints is the second value.
  private static func run(_ arguments: [String]) throws -> (exitCode: Int32, text: String) {
    let folder = try Folder()
    FileManager.default.createFile(atPath: folder("log"), contents: nil)
    let log = try FileHandle(forWritingTo: folder.url("log"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: script)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: folder.url("log"), encoding: .utf8))
  }

  private static let hasPyTorch: Bool = {
    #if os(Windows)
      return false
    #else
      return (try? run(["--help"]).exitCode) == 0
    #endif
  }()

  @Test("is checked against the program: weights, holes, enlargement, files, resuming")
  func check() throws {
    // Swift Testing's `.enabled(if:)` would start Python before any other test runs.
    guard Self.hasPyTorch else {
      let (exitCode, text) = try Self.run(["--help"])
      #expect(exitCode == 69 && text.contains("pip install -r script/gpu/requirements.txt"))
      print("script/train-on-gpu was not checked: no Python with PyTorch; PYTHON=FILE names one")
      return
    }
    let (exitCode, text) = try Self.run(["check", "--latent", Program.path])
    #expect(exitCode == 0, "\(text)")
  }
}
