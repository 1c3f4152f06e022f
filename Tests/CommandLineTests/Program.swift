import Foundation
import Testing

/// Runs the program that was built beside the tests.
enum Program {
  struct Result {
    let output: Data
    let errors: String
    let exitCode: Int32

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
  }

  static let path: String = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let start = bundle?.bundlePath ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: start).deletingLastPathComponent()
      .appendingPathComponent("latent").path
  }()

  /// "address", "undefined" or "thread" under a sanitizer, as script/test runs them.
  static let sanitizer = ProcessInfo.processInfo.environment["LATENT_SANITIZED"]

  /// - Parameters:
  ///   - environment: overrides the process's own.
  ///   - folder: where it runs; by default where the tests do.
  static func run(
    _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
    in folder: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var variables = ProcessInfo.processInfo.environment
    for name in ["LATENT_MODELS", "LATENT_BACKEND", "LATENT_PROFILE", "COLUMNS"] {
      variables[name] = nil
    }
    process.environment = variables.merging(environment) { $1 }
    // Files rather than pipes: nothing can block, however much is written.
    let streams = try Folder()
    for name in ["in", "out", "err"] {
      try (name == "in" ? input : Data()).write(to: streams.url(name))
    }
    process.standardInput = try FileHandle(forReadingFrom: streams.url("in"))
    process.standardOutput = try FileHandle(forWritingTo: streams.url("out"))
    process.standardError = try FileHandle(forWritingTo: streams.url("err"))
    try process.run()
    process.waitUntilExit()
    return Result(
      output: try Data(contentsOf: streams.url("out")),
      errors: String(decoding: try Data(contentsOf: streams.url("err")), as: UTF8.self),
      exitCode: process.terminationStatus)
  }

  /// Runs a command that must succeed and say nothing on standard error.
  @discardableResult
  static func succeed(
    _ arguments: String..., input: Data = Data(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Result {
    let result = try run(arguments, input: input)
    #expect(result.exitCode == 0, sourceLocation: sourceLocation)
    #expect(result.errors == "", sourceLocation: sourceLocation)
    return result
  }

  @discardableResult
  static func succeed(
    _ arguments: [String], input: Data = Data(), sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Result {
    let result = try run(arguments, input: input)
    #expect(result.exitCode == 0, sourceLocation: sourceLocation)
    #expect(result.errors == "", sourceLocation: sourceLocation)
    return result
  }

  /// Runs a command that must fail with an exit code, nothing on standard output and one line on
  /// standard error.
  ///
  /// - Returns: the line without the program's name.
  static func fail(
    _ exitCode: Int32, _ arguments: [String], input: Data = Data(),
    environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try run(arguments, input: input, environment: environment)
    #expect(result.exitCode == exitCode, sourceLocation: sourceLocation)
    #expect(result.text == "", sourceLocation: sourceLocation)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(result.errors.hasPrefix("latent: "), sourceLocation: sourceLocation)
    return String(lines.first?.dropFirst("latent: ".count) ?? "")
  }
}

/// A temporary folder, removed with the value.
final class Folder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("latent-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func data(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
