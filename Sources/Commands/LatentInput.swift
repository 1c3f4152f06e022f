import Datasets
import Files
import Tensors

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
  private let latents: Shape
  private let descriptor: Int32

  /// - Parameters:
  ///   - path: "-" for standard input.
  ///   - latents: D.
  /// - Throws: `FileError` of kind `noInput`.
  init(path: String, latents: Int) throws {
    self.latents = [latents]
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(kind: .noInput, path: path, message: FileError.systemMessage(errno))
    }
    reader = LatentStreamReader(
      descriptor: descriptor, name: path == "-" ? "standard input" : path, latentShape: [latents])
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// The next vector, `[D]`; nil at the end.
  func next() throws -> Tensor? {
    try reader.next().map { Tensor(latents, $0.mean) }
  }
}
