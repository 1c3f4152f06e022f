import Files
import ImageCodecs
import Tensors

/// Writes pictures where `--output` says.
final class PictureOutput {
  private enum Destination {
    case standardOutput
    case folder(String)
    case pattern(OutputPattern)
    case file(String)
  }

  private let destination: Destination
  private let format: PictureFormat?
  private let options: OutputOptions
  private let sheet: Sheet?
  /// What can be written only when all pictures are there.
  private var held: [Picture] = []
  private var stackShape: [Int]?
  private var namesWritten: Set<String> = []

  /// - Parameters:
  ///   - count: how many pictures will come; nil where nobody knows.
  ///   - sheet: puts all of them into one.
  /// - Throws: `Failure` of usage where the output cannot hold them, before anything is computed.
  init(_ options: OutputOptions, count: Int?, sheet: Sheet? = nil) throws {
    self.options = options
    self.sheet = sheet
    let path = options.path
    if path == "-" {
      destination = .standardOutput
      format = options.format ?? .file(.png)
    } else if path.hasSuffix("/") || Paths.isFolder(path) {
      destination = .folder(path)
      format = options.format
      if options.format == .array || sheet != nil {
        throw Failure(.usage, "\(path): expected a file for one array or grid, found a folder")
      }
    } else {
      let known = options.format ?? PictureFormat(path: path)
      guard let known else {
        throw Failure(
          .usage, "\(path): expected the extension .png, .jpg or .npy; or give --format")
      }
      format = known
      destination = OutputPattern(path).map(Destination.pattern) ?? .file(path)
      if case .file = destination, known != .array, sheet == nil, let count, count != 1 {
        throw Self.onlyOne(path, count)
      }
      if case .pattern = destination, known == .array || sheet != nil {
        throw Failure(.usage, "\(path): expected one file for one array or grid, found a pattern")
      }
    }
    if let sheet, let count, count > sheet.capacity {
      throw Failure(
        .usage,
        "expected at most \(sheet.capacity) pictures for --grid \(sheet.columns)x\(sheet.rows), "
          + "found \(count); use a larger grid")
    }
  }

  private static func onlyOne(_ path: String, _ count: Int?) -> Failure {
    Failure(
      .usage,
      "\(path): expected one picture for one file, found \(count.map { "\($0)" } ?? "more"); "
        + "write to a pattern such as out-%04d.png, to a folder, or to an array (.npy)")
  }

  /// Takes a picture, and writes it unless it must wait for others.
  ///
  /// - Parameters:
  ///   - index: its place in the batch, from 0.
  ///   - input: what it was made of, for its name and an array's shape.
  func write(_ picture: Picture, at index: Int, for input: PictureInput? = nil) throws {
    if sheet != nil || format == .array {
      held.append(picture)
      if held.count == 1 { stackShape = input?.stackShape }
      return
    }
    switch destination {
    case .standardOutput:
      guard case .file(let format)? = format else { return }
      try FileOutput.standardOutput.write(bytes(picture, format, name: "standard output"))
    case .folder(let folder):
      try write(picture, toFolder: folder, name(of: input, index))
    case .pattern(let pattern):
      try write(picture, to: pattern.path(index + 1))
    case .file(let path):
      held.append(picture)
      if held.count > 1 { throw Self.onlyOne(path, nil) }
    }
  }

  /// Writes what had to wait.
  func finish() throws {
    guard !held.isEmpty else {
      if case .file(let path) = destination {
        throw Failure(.badData, "\(path): expected a picture to write, found none")
      }
      return
    }
    var picture = held[0]
    if let sheet {
      picture.pixels = try sheet.composed(held.map(\.pixels))
      picture.alpha = nil
      held = [picture]
      stackShape = nil
    }
    if format == .array {
      let bytes = try stackBytes()
      guard case .file(let path) = destination else {
        return try FileOutput.standardOutput.write(bytes)
      }
      return try AtomicFile.write(bytes, to: path)
    }
    switch destination {
    case .file(let path): try write(picture, to: path)
    default:
      guard case .file(let format)? = format else { return }
      try FileOutput.standardOutput.write(bytes(picture, format, name: "standard output"))
    }
  }

  private func stackBytes() throws -> [UInt8] {
    let shape = held[0].pixels.shape
    if let other = held.first(where: { $0.pixels.shape != shape }) {
      throw Failure(
        .badData,
        "\(options.path): expected pictures of one size for one array, found "
          + "\(held[0].summary) and \(other.summary)")
    }
    let stacked = [held.count] + (shape[0] == 1 ? [shape[1], shape[2]] : shape.dimensions)
    // A single array comes back in the shape in which it was given.
    let product = stackShape?.reduce(1, *)
    let kept = product == held.count * shape.count ? stackShape : nil
    return PictureStack.encoded(held.map(\.pixels), shape: kept ?? stacked)
  }

  private func name(of input: PictureInput?, _ index: Int) -> String {
    guard let input else { return OutputPattern.zeroPadded(index + 1, 4) + ".png" }
    if case .file(let format)? = format {
      let name = input.outputName
      return Paths.folder(name) + Paths.stem(name) + "." + format.fileExtension
    }
    return input.outputName
  }

  private func write(_ picture: Picture, toFolder folder: String, _ name: String) throws {
    guard namesWritten.insert(name).inserted else {
      throw Failure(
        .badData, "two inputs are called \(name); write them to different folders")
    }
    let path = Paths.joined(folder, name)
    try Paths.makeFolder(Paths.folder(path))
    try write(picture, to: path)
  }

  private func write(_ picture: Picture, to path: String) throws {
    let known: ImageFormat
    if case .file(let format)? = format {
      known = format
    } else {
      known = ImageFormat(path: path) ?? .png
    }
    try AtomicFile.write(bytes(picture, known, name: path), to: path)
  }

  private func bytes(_ picture: Picture, _ format: ImageFormat, name: String) throws -> [UInt8] {
    try ImageWriter.encode(
      picture.image(depth: format == .jpeg ? 8 : options.depth), format: format,
      options: EncodingOptions(jpegQuality: options.quality), name: name)
  }
}
