import Datasets
import Files
import Graphs
import ImageCodecs
import Pictures
import Tensors

/// One picture that a command was given, read when it is asked for.
struct PictureInput: CustomStringConvertible {
  /// As in messages and in ndjson: the path, and for one of several in a file its number from 0.
  let name: String
  /// What the result is called in an output folder: a relative path with the input's extension.
  let outputName: String
  /// The file that is read, of which the picture may be a part; nil for a pipe.
  let file: String?
  /// What the array that the picture is in looks like; nil for a picture file.
  let arrayForm: ArrayForm?
  /// What the pictures of a stream are; nil for other inputs.
  let streamFormat: ImageFormat?
  private let load: () throws -> Picture
  private let next: (() throws -> PictureInput?)?

  init(
    name: String, outputName: String, file: String? = nil, arrayForm: ArrayForm? = nil,
    streamFormat: ImageFormat? = nil, following next: (() throws -> PictureInput?)? = nil,
    load: @escaping () throws -> Picture
  ) {
    self.name = name
    self.outputName = outputName
    self.file = file
    self.arrayForm = arrayForm
    self.streamFormat = streamFormat
    self.next = next
    self.load = load
  }

  var description: String { name }

  func picture() throws -> Picture {
    let picture = try Profile.measure("reading pictures") { try load() }
    for remark in picture.metadata.remarks { StandardError.report("\(name): \(remark)") }
    return picture
  }

  /// Whether more pictures may follow.
  var isPiped: Bool { next != nil }

  /// The picture that comes after this one from the same pipe; nil where none does. To be asked
  /// for when this one is done with.
  func following() -> PictureInput? {
    do {
      return try next?()
    } catch {
      return .failing(name, error)
    }
  }

  /// The input as the source of one result of several.
  func numbered(_ index: Int) -> PictureInput {
    let stem = Paths.folder(outputName) + Paths.stem(outputName)
    let rest = outputName.dropFirst(stem.count)
    return PictureInput(
      name: name, outputName: "\(stem)-\(index + 1)\(rest)", file: file, load: load)
  }
}

extension PictureInput {
  /// All the pictures of a command's arguments in order: picture files, folders of them, arrays,
  /// IDX files, and "-" for standard input. An argument that cannot be opened becomes an input
  /// whose reading fails, so that it does not stop the others.
  ///
  /// A picture of a folder has its path below the folder as its output name, after the folder's
  /// own name where there are several arguments.
  ///
  /// - Parameters:
  ///   - arrays: how arrays are to be understood.
  ///   - walk: goes through folders; nil for everything below them.
  static func all(
    _ arguments: [String], limits: ImageLimits, arrays: ArrayReading = .automatic,
    walk: PictureWalk? = nil
  ) -> [PictureInput] {
    let walk = walk ?? PictureWalk(limits: limits)
    return arguments.flatMap { argument -> [PictureInput] in
      do {
        if argument == "-" { return try standardInput(limits, arrays) }
        if Paths.isFolder(argument) {
          return walk.inputs(
            in: argument, as: arguments.count > 1 ? Paths.folderName(argument) : "")
        }
        return try opened(argument, as: Paths.name(argument), limits, arrays)
      } catch {
        return [failing(argument == "-" ? "standard input" : argument, error)]
      }
    }
  }

  /// An input whose reading fails.
  static func failing(_ name: String, _ error: any Error) -> PictureInput {
    PictureInput(name: name, outputName: "") { throw error }
  }

  /// The pictures of a file, which is opened when they are read.
  static func files(
    _ path: String, as outputName: String, _ limits: ImageLimits
  ) -> [PictureInput] {
    do {
      let file = try ReadableFile(path: path)
      let format = ImageFormat(firstBytes: try file.read(at: 0, count: 32))
      if let format, format.capabilities.isSeries, try !isOnePicture(file, limits) {
        return try series(path, as: outputName, limits).map { [$0] } ?? []
      }
      if let format, format.capabilities.hasPages {
        return try pages(path, as: outputName, limits)
      }
    } catch {
      return [.failing(path, error)]
    }
    return [
      PictureInput(name: path, outputName: outputName, file: path) {
        Picture(try ImageReader.read(path: path, limits: limits))
      }
    ]
  }

  /// Whether a file that may hold several pictures ends with its first one. It is a picture like those of other
  /// formats then, read when its turn comes.
  private static func isOnePicture(_ file: ReadableFile, _ limits: ImageLimits) throws -> Bool {
    let stream = ImageStream(
      try StreamBuffer(path: file.path), name: file.path, limits: limits, remark: { _ in })
    return try stream.next()?.count == file.length
  }

  /// The pages of a file.
  private static func pages(
    _ path: String, as outputName: String, _ limits: ImageLimits
  ) throws -> [PictureInput] {
    let file = PageFile(path, limits)
    let count = try ImageReader.pageCount(bytes: try file.bytes(), name: path)
    file.release()
    guard count > 1 else {
      return [
        PictureInput(name: path, outputName: outputName, file: path) {
          Picture(try ImageReader.read(path: path, limits: limits))
        }
      ]
    }
    let stem = Paths.folder(outputName) + Paths.stem(outputName)
    let suffix = String(outputName.dropFirst(stem.count))
    return (0..<count).map { page in
      let name = "\(path)[\(page)]"
      return PictureInput(
        name: name, outputName: numbered(stem, page, of: count, suffix), file: path,
        streamFormat: .tiff
      ) {
        defer { if page == count - 1 { file.release() } }
        return Picture(
          try ImageReader.read(bytes: file.bytes(), page: page, name: name, limits: limits))
      }
    }
  }

  /// Pictures one after another in a file, such as the frames of a film.
  private static func series(
    _ path: String, as outputName: String, _ limits: ImageLimits
  ) throws -> PictureInput? {
    let stem = Paths.folder(outputName) + Paths.stem(outputName)
    let suffix = String(outputName.dropFirst(stem.count))
    let stream = ImageStream(
      try StreamBuffer(path: path), name: path, limits: limits, remark: StandardError.report)
    return try piped(stream, index: 0, limits, file: path) { index in
      index == 0
        ? (path, outputName)
        : ("\(path), picture \(index + 1)", numbered(stem, index, of: index + 1, suffix))
    }
  }

  private static func standardInput(
    _ limits: ImageLimits, _ arrays: ArrayReading
  ) throws -> [PictureInput] {
    let name = "standard input"
    let buffer = StreamBuffer(descriptor: 0, name: name)
    if try buffer.peek(PictureStack.signature.count).elementsEqual(PictureStack.signature) {
      let bytes = try buffer.take(limits.maximumFileLength)
      return stack(
        try PictureStack(Array(bytes), path: name, reading: arrays, limits: limits), stem: "stdin")
    }
    let stream = ImageStream(buffer, name: name, limits: limits, remark: StandardError.report)
    let first = try piped(stream, index: 0, limits) { index in
      index == 0
        ? (name, "stdin.png")
        : ("\(name), picture \(index + 1)", numbered("stdin", index, of: index + 1))
    }
    guard let first else {
      throw Failure(.noInput, "\(name): expected pictures, found nothing")
    }
    return [first]
  }

  /// - Parameter names: what the picture of an index is called, and its result.
  private static func piped(
    _ stream: ImageStream, index: Int, _ limits: ImageLimits, file: String? = nil,
    _ names: @escaping (Int) -> (name: String, outputName: String)
  ) throws -> PictureInput? {
    guard let bytes = try stream.next() else { return nil }
    let (name, outputName) = names(index)
    return PictureInput(
      name: name, outputName: outputName, file: file,
      streamFormat: ImageFormat(firstBytes: Array(bytes.prefix(32))),
      following: { try piped(stream, index: index + 1, limits, file: file, names) },
      load: { Picture(try ImageReader.read(bytes: bytes, name: name, limits: limits)) })
  }

  private static func opened(
    _ path: String, as outputName: String, _ limits: ImageLimits, _ arrays: ArrayReading
  ) throws -> [PictureInput] {
    let file = try ReadableFile(path: path)
    guard file.length != nil else {
      let bytes = try file.readAll(limit: limits.maximumFileLength)
      return [
        PictureInput(name: path, outputName: outputName) {
          Picture(try ImageReader.read(bytes: bytes, name: path, limits: limits))
        }
      ]
    }
    let head = try file.read(at: 0, count: 6)
    if head == PictureStack.signature {
      return stack(
        try PictureStack(file: file, reading: arrays, limits: limits), stem: Paths.stem(path),
        file: path)
    }
    let isIDX = head.starts(with: [0, 0, 8, 3]) || head.starts(with: [0, 0, 8, 4])
    if isIDX || head.starts(with: [0x1F, 0x8B]) { return idx(try IDXFile(path: path)) }
    return files(path, as: outputName, limits)
  }

  private static func stack(
    _ stack: PictureStack, stem: String, file: String? = nil
  ) -> [PictureInput] {
    (0..<stack.count).map { index in
      PictureInput(
        name: stack.count == 1 ? stack.path : "\(stack.path)[\(index)]",
        outputName: numbered(stem, index, of: stack.count), file: file, arrayForm: stack.form
      ) { try stack.picture(index) }
    }
  }

  private static func idx(_ file: IDXFile) -> [PictureInput] {
    let area = file.height * file.width
    let size = area * file.channels
    return (0..<file.count).map { index in
      PictureInput(
        name: "\(file.path)[\(index)]",
        outputName: numbered(Paths.stem(file.path), index, of: file.count), file: file.path
      ) {
        let bytes = file.bytes[index * size..<(index + 1) * size]
        let start = bytes.startIndex
        return Picture(
          pixels: Tensor(
            [file.channels, file.height, file.width],
            (0..<size).map { place in
              let (channel, pixel) = (place / area, place % area)
              return Float(bytes[start + pixel * file.channels + channel]) / 255
            }))
      }
    }
  }

  /// "digits-0007.png".
  private static func numbered(
    _ stem: String, _ index: Int, of count: Int, _ suffix: String = ".png"
  ) -> String {
    guard count > 1 else { return stem + suffix }
    return "\(stem)-\(OutputPattern.zeroPadded(index + 1, 4))\(suffix)"
  }
}

/// A file of several pages, in memory from the first that is read to the last.
private final class PageFile {
  private let path: String
  private let limits: ImageLimits
  private var content: [UInt8]?

  init(_ path: String, _ limits: ImageLimits) {
    self.path = path
    self.limits = limits
  }

  func bytes() throws -> [UInt8] {
    if let content { return content }
    let bytes = try FileReader.readFile(path, limit: limits.maximumFileLength)
    content = bytes
    return bytes
  }

  func release() { content = nil }
}
