import ImageCodecs

/// What pictures are written as.
package enum PictureFormat: Hashable, Sendable {
  case file(ImageFormat)
  /// A NumPy array on the scale 0...255.
  case array

  /// - Parameter name: as a format is called, or an extension of its files.
  package init?(name: String) {
    if name.lowercased() == "npy" {
      self = .array
    } else if let format = ImageFormat(name: name) {
      self = .file(format)
    } else {
      return nil
    }
  }

  package init?(path: String) {
    if path.lowercased().hasSuffix(".npy") {
      self = .array
    } else if let format = ImageFormat(path: path) {
      self = .file(format)
    } else {
      return nil
    }
  }

  /// Whether samples of so many bits can be written; floating-point numbers hold any.
  func takesDepth(_ depth: Int) -> Bool {
    switch self {
    case .file(let format): depth <= format.capabilities.depth
    case .array: true
    }
  }

  /// Whether one file holds any number of pictures.
  var holdsMany: Bool {
    switch self {
    case .file(let format): format.capabilities.hasPages || format.capabilities.isSeries
    case .array: true
    }
  }
}
