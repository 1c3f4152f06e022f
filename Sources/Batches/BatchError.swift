import Pictures
import Platform

/// What keeps a batch, or one of its pictures, from being done.
package struct BatchError: Error, Hashable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// What was asked for does not go together.
    case usage
    case badData
    case noInput
  }

  package let kind: Kind
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

/// As `BatchError`, where whoever asked may ask otherwise: it is for the program to say how.
package enum BatchProblem: Error {
  /// Processes were to share the pictures of a stream.
  case sharedStream(name: String)
  /// Nothing is transparent in a picture whose transparency was to be its mask.
  case noTransparency
  /// A path that tells no format.
  case unknownFormat(path: String)
  case unusableDepth(Int, format: String)
  case unusableQuality(format: String)
  /// Results that exist were to be skipped, but those of all pictures share a file.
  case skippingNeedsFiles(path: String)
  /// Processes were to share the pictures, whose results share a file.
  case sharingNeedsFiles(path: String)
  /// The same of standard deviations.
  case sharedDeviations
  /// Each part of the pictures would write the file of all.
  case partsShareFile(path: String)
  /// What lies in the place of a list of work is none.
  case noWorkList(path: String)
  /// A tile would take more memory than there is.
  case largeTile(MemoryError)
  /// - Parameters:
  ///   - passedOver: which files were, in words.
  ///   - foldersLeftOut: how many folders in it were not gone into.
  case noPictures(folder: String, passedOver: String?, foldersLeftOut: Int)
  /// What a launcher says of this process's place makes no sense.
  case launcher(String, LauncherRemedy)
}

/// What to do where a launcher's variables do not tell which part of the pictures is whose.
package enum LauncherRemedy: Hashable, Sendable {
  case none
  /// Say which part it is.
  case part
  /// Say how many parts there are.
  case count
  /// Number the tasks from 0, or say which part it is.
  case tasks(count: Int)
}
