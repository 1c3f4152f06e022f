import Checkpoints
import Files

/// What processes that share a folder do there: `.latent-work` in it. The first of them writes it; the
/// others find out that they do the same, and whoever looks what is left.
package struct WorkList: Hashable {
  /// The command and its options, as in a result's record.
  package let description: String
  /// Paths of each picture's results below the folder.
  package let results: [[String]]

  package static let name = ".latent-work"

  private init(_ description: String, _ results: [[String]]) {
    self.description = description
    self.results = results
  }

  /// - Parameter results: paths with the folder before them, by picture; without any where a picture
  ///   has no name.
  init(description: String, results: [[String]], in folder: String) {
    let prefix = Paths.joined(folder, "").utf8.count
    self.init(
      description,
      results.filter { !$0.isEmpty }.map { paths in
        paths.map { String(decoding: $0.utf8.dropFirst(prefix), as: UTF8.self) }
      })
  }

  /// nil where there is none.
  ///
  /// - Throws: `BatchProblem`; `FileError`.
  package static func read(in folder: String) throws -> WorkList? {
    let path = Paths.joined(folder, name)
    guard Paths.exists(path) else { return nil }
    let failure = BatchProblem.noWorkList(path: path)
    let bytes = try FileReader.readFile(path, limit: 1 << 30)
    guard let value = try? JSONValue(parsing: bytes, limits: JSONLimits(values: 100_000_000)),
      value["format"]?.string == "latent.work", value["version"]?.int == 1,
      let description = value["description"]?.string, let rows = value["results"]?.array
    else { throw failure }
    let results = rows.compactMap { row in row.array?.compactMap(\.string) }
    let isPlain = results.joined().allSatisfy { name in
      !name.isEmpty && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
    }
    guard results.count == rows.count, isPlain, results.allSatisfy({ !$0.isEmpty }) else {
      throw failure
    }
    return WorkList(description, results)
  }

  private var bytes: [UInt8] {
    let value: JSONValue = [
      "format": "latent.work", "version": 1, "description": .string(description),
      "results": .array(results.map { .array($0.map { .string($0) }) }),
    ]
    return value.encoded() + [10]
  }

  /// Makes this the list of the folder, where it is none yet or nobody works by the one that is there.
  ///
  /// - Throws: `BatchError` of usage where others do something else; `FileError`.
  func publish(in folder: String, timeout: Double, now: Double) throws {
    let path = Paths.joined(folder, Self.name)
    // One that is there may be another user's, who lets nobody write it.
    if !Paths.exists(path) { try AtomicFile.write(bytes, to: path, replaces: false) }
    guard let other = try Self.read(in: folder), other != self else { return }
    let isInUse = other.results.contains { names in
      guard let first = names.first else { return false }
      let state = Claims.state(of: Paths.joined(folder, first), now: now)
      return state.map { !$0.isStale(timeout) } ?? false
    }
    guard !isInUse else {
      throw BatchError(
        .usage,
        "\(folder): expected what others do there now, \(grouped(other.results.count)) pictures by "
          + "'\(other.description)', found \(grouped(results.count)) by '\(description)'; wait for them, "
          + "or write to another folder")
    }
    try AtomicFile.write(bytes, to: path)
  }
}
