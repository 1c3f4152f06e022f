import Files
import Platform

/// A file or folder that is left out of a data set, and why.
public struct DatasetWarning: Hashable, Sendable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}

/// Finds the files below paths given by a user.
package enum ImageScan {
  /// The regular files among `paths` and, recursively, in the folders among them: in the order
  /// given, within a folder by the bytes of their names. Names that start with a dot are left
  /// out. Symbolic links are followed; a folder reached twice is read once.
  ///
  /// - Parameter warning: told of every folder without files and everything that is neither file
  ///   nor folder.
  /// - Throws: `FileError` where one of `paths` itself is not there.
  package static func files(
    _ paths: [String], warning: (DatasetWarning) -> Void = { _ in }
  ) throws(FileError) -> [String] {
    var walk = Walk()
    for path in paths {
      if let reason = walk.visit(path) {
        guard access(path.systemPath, F_OK) == 0 else {
          throw FileError(kind: .noInput, path: path, message: reason)
        }
        walk.warnings.append(DatasetWarning(path: path, reason: reason))
      }
    }
    walk.warnings.forEach(warning)
    return walk.files
  }

  private struct Folder: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private struct Walk {
    var files: [String] = []
    var warnings: [DatasetWarning] = []
    var seen: Set<Folder> = []

    /// Why nothing can be taken from `path`, or nil.
    mutating func visit(_ path: String) -> String? {
      var status = stat()
      guard stat(path.systemPath, &status) == 0 else {
        let code = errno
        guard NPZFile.split(path) != nil else { return FileError.systemMessage(code) }
        let problem = NPZFile.problem(of: path)
        if problem == nil { files.append(path) }
        return problem
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        files.append(path)
        return nil
      case S_IFDIR:
        let folder = Folder(
          device: UInt64(truncatingIfNeeded: status.st_dev),
          inode: UInt64(truncatingIfNeeded: status.st_ino))
        return seen.insert(folder).inserted ? visitFolder(path) : nil
      default: return "neither a file nor a folder"
      }
    }

    private mutating func visitFolder(_ path: String) -> String? {
      let names: [String]
      do throws(FileError) {
        names = try Paths.list(path)
      } catch {
        return error.message
      }
      let before = (files.count, warnings.count)
      let prefix = path.hasSuffix("/") ? path : path + "/"
      for name in names where !name.hasPrefix(".") {
        if let reason = visit(prefix + name) {
          warnings.append(DatasetWarning(path: prefix + name, reason: reason))
        }
      }
      return before == (files.count, warnings.count) ? "a folder without pictures" : nil
    }
  }
}
