/// What a batch tells of its course.
package enum BatchEvent {
  /// A line about a picture or a file.
  case remark(String)
  /// Folders in a folder were not gone into.
  case foldersLeftOut(folder: String, count: Int)
  /// An array of this shape, which may be one picture in color, is read as gray pictures.
  case grayPictures(array: String, shape: [Int])
  /// A mask of levels up to `highest` hides nothing, where `threshold` and more of 255 hide.
  case nothingHidden(mask: String, threshold: Int, highest: Int)
  /// A batch is one part of the pictures, `count` where that is known.
  case part(Part, count: Int?, of: Int)
  /// A batch begins, of so many pictures where that is known.
  case begins(total: Int?)
  /// A picture's turn has come.
  case turn(name: String, done: Int, total: Int?)
  case failure(name: String, message: String)
  /// Others work on what is left.
  case waiting(count: Int)
  /// A picture was taken over by another process.
  case takenOver(name: String)
  case ends
  /// Pictures were passed over, as their results exist.
  case skipped(Int, of: Int)
  /// Pictures were passed over, as other processes did them.
  case shared(own: Int, others: Int, of: Int)
}

/// What an error in one picture means.
package struct BatchFault {
  package let message: String
  /// Whether the next picture may fare better.
  package let isAboutPicture: Bool
  /// Whether the picture will not fare better at another time or with another process.
  package let isFinal: Bool

  package init(message: String, isAboutPicture: Bool, isFinal: Bool) {
    (self.message, self.isAboutPicture, self.isFinal) = (message, isAboutPicture, isFinal)
  }
}

/// Whoever is told of a batch's course, and judges what goes wrong in it.
package protocol BatchReporter: AnyObject {
  func report(_ event: BatchEvent)
  /// - Parameter name: what the picture is called.
  func judge(_ error: any Error, in name: String) -> BatchFault
}

/// What became of a batch.
package struct BatchOutcome {
  package internal(set) var succeeded = 0
  /// Of the pictures that failed.
  package internal(set) var errors: [any Error] = []
}
