#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Picture {
  /// Reads a picture file, or the first picture of a NumPy array.
  ///
  /// - Throws: `ImageError`, or `FileError` of an array.
  public init(contentsOf url: URL, limits: ImageLimits = .default) throws {
    try self.init(path: url.path, limits: limits)
  }

  /// Writes a file of the format that the extension names.
  ///
  /// - Throws: as `write(to:options:)` with a path.
  public func write(to url: URL, options: WritingOptions = WritingOptions()) throws {
    try write(to: url.path, options: options)
  }
}

extension Model {
  /// Reads a model file.
  ///
  /// - Throws: `FileError` where it cannot be read or is refused.
  public convenience init(contentsOf url: URL) throws {
    try self.init(path: url.path)
  }

  /// Writes a model file, in one step.
  ///
  /// - Throws: `FileError` where it cannot be written.
  public func write(to url: URL) throws {
    try write(to: url.path)
  }
}
