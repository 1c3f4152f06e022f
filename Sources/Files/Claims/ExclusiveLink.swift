import Platform

/// A name that at most one process gives: link(2), which is one step on local file systems and on NFS.
enum ExclusiveLink {
  enum Outcome: Hashable {
    case made
    case exists
    /// The file system has no hard links.
    case unsupported
    case failed(Int32)
  }

  static func make(from source: String, to target: String) -> Outcome {
    if link(source.systemPath, target.systemPath) == 0 { return .made }
    let code = errno
    // Over NFS the answer may be lost and the request sent again, which then fails: the count tells.
    var (own, other) = (stat(), stat())
    if lstat(source.systemPath, &own) == 0, own.st_nlink > 1, lstat(target.systemPath, &other) == 0,
      own.st_ino == other.st_ino, own.st_dev == other.st_dev
    {
      return .made
    }
    switch code {
    case EEXIST: return .exists
    case EPERM, EOPNOTSUPP, ENOSYS, EMLINK: return .unsupported
    default: return .failed(code)
    }
  }
}

/// When a file was written last.
func modificationTime(_ status: stat) -> timespec {
  #if canImport(Darwin)
    status.st_mtimespec
  #else
    status.st_mtim
  #endif
}

func seconds(_ time: timespec) -> Double { Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9 }
