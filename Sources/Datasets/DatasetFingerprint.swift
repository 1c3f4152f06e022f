import Files
import Platform

/// What tells one set of pictures from another without reading all of it: the names of the files, without
/// their folders, their lengths, and how each begins. A copy in another folder has the same.
package struct DatasetFingerprint: Hashable, Sendable {
  /// Pictures.
  package let count: Int
  /// Hashes, in hexadecimal.
  package let names: String
  package let lengths: String
  package let contents: String

  package init(count: Int, names: String, lengths: String, contents: String) {
    self.count = count
    self.names = names
    self.lengths = lengths
    self.contents = contents
  }

  /// How much of a file is hashed, in bytes.
  private static let head = 4096

  init(_ items: [DatasetItem]) {
    var paths: [String] = []
    for item in items where paths.last != item.path { paths.append(item.path) }
    let files = parallelMap(paths) { path -> (length: Int, head: [UInt8]) in
      guard let file = try? ReadableFile(path: NPZFile.file(of: path)) else { return (0, []) }
      return (file.length ?? 0, (try? file.read(at: 0, count: Self.head)) ?? [])
    }
    var (names, lengths, contents) = (Hash(), Hash(), Hash())
    for (path, file) in zip(paths, files) {
      names.add(Array(Paths.name(path).utf8))
      lengths.add(withUnsafeBytes(of: Int64(file.length).littleEndian) { Array($0) })
      contents.add(file.head)
    }
    self.init(
      count: items.count, names: names.description, lengths: lengths.description,
      contents: contents.description)
  }

  /// How these pictures differ from those of an earlier run; nil where they do not.
  package func difference(from first: DatasetFingerprint) -> String? {
    if count != first.count {
      return "expected a run on \(count) pictures, found one on \(first.count)"
    }
    if names != first.names { return "expected a run on these pictures, found one on other files" }
    if lengths != first.lengths || contents != first.contents {
      return
        "expected a run on these pictures, found one on files of the same names with other contents"
    }
    return nil
  }

  /// FNV-1a of pieces, each with its length.
  private struct Hash: CustomStringConvertible {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: [UInt8]) {
      mix(UInt64(bytes.count))
      for byte in bytes { mix(UInt64(byte)) }
    }

    private mutating func mix(_ word: UInt64) { state = (state ^ word) &* 0x100_0000_01B3 }

    var description: String {
      let digits = String(state, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
  }
}
