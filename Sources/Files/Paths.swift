import Platform

/// Paths as strings: what a program asks of the file system.
package enum Paths {
  /// The last component: "a.png" of "pictures/a.png"; "" for a path that ends in "/".
  package static func name(_ path: String) -> String {
    String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
  }

  /// The last component that is a name: "a" of "pictures/a/"; "" for "." and "..".
  package static func folderName(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name == "." || name == ".." ? "" : String(name)
  }

  /// A file's name without its extension.
  package static func stem(_ path: String) -> String {
    let name = name(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// The folder part with its slash: "pictures/" of "pictures/a.png", "" of "a.png".
  package static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  package static func joined(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// What a path leads to, whichever path it is.
  package struct Identity: Hashable {
    fileprivate let device: UInt64
    fileprivate let inode: UInt64
  }

  /// nil where the path leads nowhere.
  package static func identity(_ path: String) -> Identity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Checks that files can be made in a folder.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`.
  package static func checkIsWritable(_ folder: String) throws {
    let path = folder.isEmpty ? "." : folder
    guard access(path, W_OK | X_OK) != 0 else { return }
    throw FileError(kind: .cannotCreate, path: path, message: FileError.systemMessage(errno))
  }

  /// The names in a folder in the order of their bytes, without "." and "..".
  ///
  /// - Throws: `FileError` of kind `noInput`.
  package static func list(_ folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      throw FileError(kind: .noInput, path: folder, message: FileError.systemMessage(errno))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes a folder and those above it, where they are not there.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`.
  package static func makeFolder(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      partial = joined(partial, String(component))
      if mkdir(partial, 0o777) == 0 || errno == EEXIST && isFolder(partial) { continue }
      throw FileError(
        kind: .cannotCreate, path: partial, message: FileError.systemMessage(errno))
    }
  }

  /// The file that this process runs, links followed; nil where the system does not tell.
  package static var executable: String? {
    #if os(Linux)
      return resolved("/proc/self/exe")
    #else
      return resolved(CommandLine.arguments.first ?? "")
    #endif
  }

  /// A path with its links followed; nil where it leads nowhere.
  package static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
