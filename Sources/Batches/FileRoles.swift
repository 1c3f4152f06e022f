import Datasets
import Files
import Restoration

/// The files that a command reads and writes. None may be written that is read as well, or written for two
/// purposes: one of the two would be lost without a word.
package final class FileRoles {
  private var read: [Paths.Place: String] = [:]
  private var written: [Paths.Place: String] = [:]
  private var hasStandardOutput = false

  package init() {}

  /// - Parameters:
  ///   - path: "-" and what is no regular file are passed over.
  ///   - role: what the file is, as in "the model".
  package func reads(_ path: String, as role: String) {
    guard path != "-", let place = Paths.place(path) else { return }
    if read[place] == nil { read[place] = role }
  }

  /// The files of pictures that are read.
  package func reads(_ inputs: [PictureInput]) {
    for case let file? in inputs.map(\.file) { reads(file, as: "a picture that is read") }
  }

  /// Pictures that are trained on, as far as they stand where something is to be written. A model or a log may lie
  /// in their folder: it is none of them.
  package func reads(trainingPictures paths: [String], where outputs: [String?]) throws {
    let outputs = Set(outputs.compactMap { $0.flatMap(Paths.place) })
    guard outputs.contains(where: { if case .file = $0 { true } else { false } }) else { return }
    for file in try ImageScan.files(paths).map(NPZFile.file) {
      guard let place = Paths.place(file), outputs.contains(place), PictureReport.isRead(file)
      else { continue }
      reads(file, as: "a training picture")
    }
  }

  /// Checks a file that is to be written, and keeps it from being written for another purpose.
  ///
  /// - Parameters:
  ///   - role: as in "the uncertainty".
  ///   - sources: files that it may take the place of, since all that is read of them is in it.
  /// - Throws: `BatchError` of usage.
  package func writes(_ path: String, as role: String, inPlaceOf sources: [String] = []) throws {
    if path == "-" {
      guard !hasStandardOutput else {
        throw BatchError(
          .usage, "standard output: expected one of results to go there, found \(role) too")
      }
      hasStandardOutput = true
      return
    }
    guard let place = Paths.place(path) else { return }
    let mayReplace = sources.contains { Paths.place($0) == place }
    if !mayReplace { try requireUnread(path) }
    if let other = written.updateValue(role, forKey: place), other != role {
      throw BatchError(
        .usage,
        "\(path): expected a file of its own for \(role), found that of \(other); "
          + "write to another file")
    }
  }

  /// - Throws: `BatchError` of usage where the file is one of those that are read.
  package func requireUnread(_ path: String) throws {
    guard !read.isEmpty, let place = Paths.place(path), let role = read[place] else { return }
    throw BatchError(
      .usage,
      "\(path): expected a file to write, found \(role); write to another file")
  }
}
