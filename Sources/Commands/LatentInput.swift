import Datasets
import Files
import Tensors
import VAE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The vectors of a latent stream for one model.
final class LatentInput {
  private let reader: LatentStreamReader
  private let configuration: Configuration
  private let model: Model
  /// Reckoned where a stream has one to compare it with.
  private lazy var fingerprint = model.fingerprint
  private let size: ImageShape?
  private let name: String
  private let descriptor: Int32
  private var count = 0

  /// Latents and the extents of their picture.
  struct Vector {
    /// `[D]`.
    let latents: Tensor
    let image: ImageShape
  }

  /// - Parameters:
  ///   - path: "-" for standard input.
  ///   - size: of the pictures, where it was given.
  /// - Throws: `FileError` of kind `noInput`.
  init(path: String, _ model: Model, size: ImageShape?) throws {
    let configuration = model.configuration
    self.configuration = configuration
    self.model = model
    let image = size ?? configuration.image
    self.size = configuration.takesAnySize ? size : image
    let latents = configuration.enclosing(width: image.width, height: image.height)?.latents
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
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
  func next() throws -> Vector? {
    guard let record = try reader.next() else { return nil }
    count += 1
    if let found = record.origin.fingerprint, found != fingerprint {
      throw refusal(
        "expected latents of this model, found those of "
          + (record.origin.model.map { "'\($0)'" } ?? "another") + ", whose numbers differ")
    }
    let image = try size ?? image(of: record)
    guard let enclosing = configuration.enclosing(width: image.width, height: image.height),
      record.mean.count == enclosing.latents
    else { throw misfit(record, image) }
    return Vector(latents: Tensor([enclosing.latents], record.mean), image: image)
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
    throw refusal(
      "expected the latents of a square picture, found \(found) numbers; give the picture's "
        + "size with --size, or write ndjson, which holds it")
  }

  private func misfit(_ record: LatentRecord, _ image: ImageShape) -> FileError {
    let expected = configuration.enclosing(width: image.width, height: image.height)?.latents ?? 0
    return refusal("expected \(expected) latents for \(image), found \(record.mean.count)")
  }

  private func refusal(_ reason: String) -> FileError {
    FileError(kind: .badData, path: name, message: "record \(count): \(reason)")
  }
}
