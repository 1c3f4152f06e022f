import Files
import Pictures

/// Arrays of pictures in a NumPy archive (`.npz`). The path of an archive stands for all arrays of it that are
/// pictures; "digits.npz/test" for the array "test".
package enum NPZFile {
  /// Whether a file begins as archives do.
  static func isArchive(path: String) -> Bool {
    let head = try? ReadableFile(path: path).read(at: 0, count: 4)
    return head.map(ZipArchive.isArchive) ?? false
  }

  /// The archive and the array of a path that names both; nil where it leads somewhere itself, or names none.
  package static func split(_ path: String) -> (archive: String, array: String)? {
    let folder = Paths.folder(path)
    guard folder.lowercased().hasSuffix(".npz/"), !Paths.exists(path) else { return nil }
    let archive = String(folder.dropLast())
    let array = Paths.name(path)
    return Paths.isRegularFile(archive) && !array.isEmpty ? (archive, array) : nil
  }

  /// The file that holds what a path names: the archive of an array.
  package static func file(of path: String) -> String { split(path)?.archive ?? path }

  /// Why a path that names an array leads to none; nil where it does.
  static func problem(of path: String) -> String? {
    guard let (archive, array) = split(path) else { return nil }
    do {
      let names = try ZipArchive(path: archive).entries.compactMap(\.arrayName)
      return names.contains(array)
        ? nil : "expected one of the arrays \(names.joined(separator: ", ")), found '\(array)'"
    } catch {
      return DatasetWarning(archive, error).reason
    }
  }

  /// The arrays that a path names, each with its own path.
  ///
  /// - Throws: `FileError` where there is none, `UndecidedArray`.
  static func arrays(
    _ path: String, _ reading: ArrayReading, options: DatasetOptions
  ) throws -> [StoredPictures] {
    let named = split(path)
    let archive = try ZipArchive(path: named?.archive ?? path)
    var others: [String] = []
    var pictures: [StoredPictures] = []
    for entry in archive.entries {
      guard let name = entry.arrayName, named == nil || named?.array == name else { continue }
      let bytes = try archive.bytes(entry, limit: IDXFile.defaultLimit)
      let arrayPath = "\(archive.path)/\(name)"
      // Labels and other numbers beside the pictures have one axis or two.
      if named == nil, let header = try? Self.header(bytes), header.shape.count < 3 {
        others.append("\(name) \(header.shape)")
        continue
      }
      pictures.append(
        try StoredPictures(
          PictureStack(bytes, path: arrayPath, reading: reading, limits: options.limits),
          options: options))
    }
    guard pictures.isEmpty else { return pictures }
    throw FileError(
      kind: .badData, path: path,
      message: "expected arrays of pictures such as [N, H, W], found "
        + (others.isEmpty ? "no array" : others.joined(separator: ", ")))
  }

  private static func header(_ bytes: [UInt8]) throws -> NPYHeader {
    var rest = bytes[...]
    return try NPYHeader { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}

extension ZipArchive.Entry {
  /// The name that NumPy gives the array; nil for another file.
  fileprivate var arrayName: String? {
    name.hasSuffix(".npy") ? String(name.dropLast(".npy".count)) : nil
  }
}
