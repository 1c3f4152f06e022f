import Datasets
import Files
import Platform
import Tensors

/// The vectors of a latent stream for one model.
package final class LatentVectors {
  private let reader: LatentStreamReader
  private let configuration: Configuration
  private let model: Model
  /// Reckoned where a stream has one to compare it with.
  private lazy var fingerprint = model.fingerprint
  private let size: ImageShape?
  /// As in messages.
  package let name: String
  private let descriptor: Int32
  private var count = 0

  /// Latents and the extents of their picture.
  package struct Vector {
    /// `[D]`.
    package let latents: Tensor
    package let image: ImageShape
  }

  /// - Parameters:
  ///   - path: "-" for standard input.
  ///   - size: of the pictures, where it was given.
  /// - Throws: `FileError` of kind `noInput`.
  package init(path: String, _ model: Model, size: ImageShape?) throws {
    let configuration = model.configuration
    self.configuration = configuration
    self.model = model
    let image = size ?? configuration.image
    self.size = configuration.takesAnySize ? size : image
    let latents = configuration.latents(ofPicture: image)
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path.systemPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(kind: .noInput, path: path, message: FileError.systemMessage(errno))
    }
    reader = LatentStreamReader(
      descriptor: descriptor, name: name,
      latentShape: self.size == nil ? nil : latents.map { [$0] })
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// The next vector; nil at the end.
  ///
  /// - Throws: `FileError` of kind `badData`, or `UnknownSizeError`.
  package func next() throws -> Vector? {
    guard let record = try reader.next() else { return nil }
    count += 1
    if let found = record.origin.fingerprint, found != fingerprint {
      throw refusal(
        "expected latents of this model, found those of "
          + (record.origin.model.map { "'\($0)'" } ?? "another") + ", whose numbers differ")
    }
    let image = try size ?? image(of: record)
    guard let latents = configuration.latents(ofPicture: image), record.mean.count == latents
    else { throw misfit(record, image) }
    return Vector(latents: Tensor([latents], record.mean), image: image)
  }

  /// The extents that a record tells, or those that its count of numbers settles.
  private func image(of record: LatentRecord) throws -> ImageShape {
    let channels = configuration.image.channels
    if let extents = record.image {
      guard extents.rank == 3, extents[0] == channels, extents[1] <= 1 << 16,
        extents[2] <= 1 << 16
      else {
        throw refusal(
          "expected \"image\" to be [\(channels), height, width], found \(extents)")
      }
      return ImageShape(channels: channels, height: extents[1], width: extents[2])
    }
    let found = record.mean.count
    if let image = configuration.image(latents: found) { return image }
    throw UnknownSizeError(path: name, record: count, found: found)
  }

  private func misfit(_ record: LatentRecord, _ image: ImageShape) -> FileError {
    let expected = configuration.latents(ofPicture: image) ?? 0
    return refusal("expected \(expected) latents for \(image), found \(record.mean.count)")
  }

  private func refusal(_ reason: String) -> FileError {
    FileError(kind: .badData, path: name, message: "record \(count): \(reason)")
  }
}

/// Latents that do not tell the extents of their picture.
package struct UnknownSizeError: Error, Hashable, CustomStringConvertible {
  package let path: String
  /// From 1.
  package let record: Int
  /// How many numbers there are.
  package let found: Int

  package var description: String {
    "\(path): record \(record): expected the latents of a square picture, found \(found) numbers"
  }
}
