import Platform

/// Paths as strings: what a program asks of the file system.
package enum Paths {
  /// The last component: "a.png" of "pictures/a.png"; "" for a path that ends in "/".
  package static func name(_ path: String) -> String {
    String(decoding: path.utf8.suffix(path.utf8.count - folder(path).utf8.count), as: UTF8.self)
  }

  /// The last component that is a name: "a" of "pictures/a/"; "" for "." and "..".
  package static func folderName(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name == "." || name == ".." ? "" : String(name)
  }

  /// A file's name without its extension.
  package static func stem(_ path: String) -> String {
    let name = name(path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return name
    }
    return String(decoding: name.utf8[..<dot], as: UTF8.self)
  }

  /// The folder part with its slash: "pictures/" of "pictures/a.png", "" of "a.png". A slash is a byte: a
  /// combining mark behind it does not make another character of it.
  package static func folder(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(decoding: path.utf8[...slash], as: UTF8.self)
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
    guard stat(path.systemPath, &status) == 0 else { return nil }
    return Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// A file that is there or may come to be, whichever path leads to it.
  package enum Place: Hashable {
    case file(Identity)
    /// The path of what is not there, from the root and with its links followed.
    case path([UInt8])
  }

  /// nil for what can be written again and again, a pipe or a device; and for a folder.
  package static func place(_ path: String) -> Place? {
    if let identity = identity(path) { return isRegularFile(path) ? .file(identity) : nil }
    // Folders that are not there yet may be by the time that another path is asked for.
    var folder = path
    var rest: [UInt8] = []
    repeat {
      let name = folder.utf8.split(separator: UInt8(ascii: "/")).last
      rest = [UInt8(ascii: "/")] + (name.map { Array($0) } ?? []) + rest
      folder = Self.folder(folder)
      while folder.utf8.count > 1, folder.utf8.last == UInt8(ascii: "/") { folder.removeLast() }
    } while !folder.isEmpty && folder != "/" && !exists(folder)
    let root = resolved(folder.isEmpty ? "." : folder) ?? folder
    return .path((root == "/" ? [] : Array(root.utf8)) + rest)
  }

  package static func exists(_ path: String) -> Bool { access(path.systemPath, F_OK) == 0 }

  package static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

  /// Whether opening the path for reading waits for nobody.
  package static func isRegularFile(_ path: String) -> Bool { kind(path) == S_IFREG }

  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path.systemPath, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Checks that files can be made in a folder.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`.
  package static func checkIsWritable(_ folder: String) throws {
    let path = folder.isEmpty ? "." : folder
    guard access(path.systemPath, W_OK | X_OK) != 0 else { return }
    throw FileError(kind: .cannotCreate, path: path, message: FileError.systemMessage(errno))
  }

  /// The names in a folder in the order of their bytes, without "." and "..".
  ///
  /// - Throws: `FileError` of kind `noInput`.
  package static func list(_ folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder.systemPath) else {
      throw FileError(kind: .noInput, path: folder, message: FileError.systemMessage(errno))
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      names.append(withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) })
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { String(systemPath: $0) }
      .filter { $0 != "." && $0 != ".." }
  }

  /// Makes a folder and those above it, where they are not there.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`.
  package static func makeFolder(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      partial = joined(partial, String(component))
      if mkdir(partial.systemPath, 0o777) == 0 || errno == EEXIST && isFolder(partial) { continue }
      throw FileError(
        kind: .cannotCreate, path: partial, message: FileError.systemMessage(errno))
    }
  }

  /// The file that this process runs, links followed; nil where it is not found.
  package static var executable: String? {
    #if os(Linux)
      if let path = resolved("/proc/self/exe") { return path }
    #endif
    // Without /proc: as a shell finds it.
    guard let program = ProcessStart.program else { return nil }
    if program.utf8.contains(UInt8(ascii: "/")) { return resolved(program) }
    let folders = Environment.searchPath ?? ""
    return folders.split(separator: ":").lazy.map { joined(String($0), program) }
      .first { access($0.systemPath, X_OK) == 0 }.flatMap(resolved)
  }

  /// A path with its links followed; nil where it leads nowhere.
  package static func resolved(_ path: String) -> String? {
    guard let real = realpath(path.systemPath, nil) else { return nil }
    defer { free(real) }
    return String(systemPath: real)
  }
}
