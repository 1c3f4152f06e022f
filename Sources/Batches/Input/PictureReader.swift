import Datasets
import Files
import ImageCodecs
import Pictures

/// Finds the pictures that arguments name, and reads them: picture files, folders of them, arrays, IDX
/// files, and "-" for standard input.
package struct PictureReader {
  package let limits: ImageLimits
  /// How arrays are to be understood.
  let arrays: ArrayReading
  /// Whether folders in a folder are gone into.
  var isRecursive = true
  /// A folder that is passed over where it lies in another: results may lie below their sources.
  var excluded: Paths.Identity?
  /// Takes what is to be said of files and pictures.
  let tell: (BatchEvent) -> Void

  package init(
    limits: ImageLimits, arrays: ArrayReading = .automatic,
    tell: @escaping (BatchEvent) -> Void
  ) {
    (self.limits, self.arrays, self.tell) = (limits, arrays, tell)
  }

  /// The same with another reading of arrays.
  func reading(arrays: ArrayReading) -> PictureReader {
    PictureReader(limits: limits, arrays: arrays, tell: tell)
  }

  /// All the pictures of arguments in order. An argument that cannot be opened becomes an input
  /// whose reading fails, so that it does not stop the others.
  ///
  /// A picture of a folder has its path below the folder as its output name, after the folder's
  /// own name where there are several arguments.
  package func inputs(_ arguments: [String]) -> [PictureInput] {
    arguments.flatMap { argument -> [PictureInput] in
      do {
        if argument == "-" { return try standardInput() }
        if Paths.isFolder(argument) {
          return inputs(in: argument, as: arguments.count > 1 ? Paths.folderName(argument) : "")
        }
        return try opened(argument, as: Paths.name(argument))
      } catch {
        return [.failing(argument == "-" ? "standard input" : argument, error)]
      }
    }
  }

  /// The pictures of a file, which is opened when they are read.
  func files(_ path: String, as outputName: String) -> [PictureInput] {
    do {
      let file = try ReadableFile(path: path)
      let format = ImageFormat(firstBytes: try file.read(at: 0, count: 32))
      if let format, format.capabilities.isSeries, try !isOnePicture(file) {
        let name = NumberedName(outputName)
        let first = try piped(stream(try StreamBuffer(path: path), path), file: path) { index in
          index == 0
            ? (path, outputName)
            : ("\(path), picture \(index + 1)", name.numbered(index, of: index + 1))
        }
        return first.map { [$0] } ?? []
      }
      if let format, format.capabilities.hasPages {
        if let pages = try pages(path, as: outputName) { return pages }
      }
    } catch {
      return [.failing(path, error)]
    }
    return [
      PictureInput(path, outputName: outputName, tell: tell) { [limits] in
        Picture(try ImageReader.read(path: path, limits: limits))
      }
    ]
  }

  private func input(
    _ name: String, as outputName: String, file: String? = nil, format: ImageFormat? = nil,
    following next: (() throws -> PictureInput?)? = nil, load: @escaping () throws -> Image
  ) -> PictureInput {
    PictureInput(
      name: name, outputName: outputName, file: file, streamFormat: format, following: next,
      tell: tell, load: { Picture(try load()) })
  }

  private func stream(_ buffer: StreamBuffer, _ name: String) -> ImageStream {
    ImageStream(buffer, name: name, limits: limits, remark: { tell(.remark($0)) })
  }

  /// Whether a file that may hold several pictures ends with its first one. It is a picture like those of other
  /// formats then, read when its turn comes.
  private func isOnePicture(_ file: ReadableFile) throws -> Bool {
    let stream = ImageStream(
      try StreamBuffer(path: file.path), name: file.path, limits: limits, remark: { _ in })
    return try stream.next()?.count == file.length
  }

  /// The pages of a file; nil where there is one.
  private func pages(_ path: String, as outputName: String) throws -> [PictureInput]? {
    let file = PageFile(path, limits)
    let count = try ImageReader.pageCount(bytes: try file.bytes(), name: path)
    file.release()
    guard count > 1 else { return nil }
    return (0..<count).map { page in
      let name = "\(path)[\(page)]"
      return input(
        name, as: NumberedName(outputName).numbered(page, of: count), file: path, format: .tiff
      ) {
        defer { if page == count - 1 { file.release() } }
        return try ImageReader.read(bytes: file.bytes(), page: page, name: name, limits: limits)
      }
    }
  }

  private func standardInput() throws -> [PictureInput] {
    let name = "standard input"
    let buffer = StreamBuffer(descriptor: 0, name: name)
    if try buffer.peek(PictureStack.signature.count).elementsEqual(PictureStack.signature) {
      let bytes = try buffer.take(limits.maximumFileLength)
      return stack(
        try PictureStack(Array(bytes), path: name, reading: arrays, limits: limits), "stdin.png")
    }
    let first = try piped(stream(buffer, name)) { index in
      index == 0
        ? (name, "stdin.png")
        : (
          "\(name), picture \(index + 1)",
          NumberedName("stdin.png").numbered(index, of: index + 1)
        )
    }
    guard let first else {
      throw BatchError(.noInput, "\(name): expected pictures, found nothing")
    }
    return [first]
  }

  /// - Parameter names: what the picture of an index is called, and its result.
  private func piped(
    _ stream: ImageStream, index: Int = 0, file: String? = nil,
    _ names: @escaping (Int) -> (name: String, outputName: String)
  ) throws -> PictureInput? {
    guard let bytes = try stream.next() else { return nil }
    let (name, outputName) = names(index)
    return input(
      name, as: outputName, file: file,
      format: ImageFormat(firstBytes: Array(bytes.prefix(32))),
      following: { try piped(stream, index: index + 1, file: file, names) },
      load: { try ImageReader.read(bytes: bytes, name: name, limits: limits) })
  }

  private func opened(_ path: String, as outputName: String) throws -> [PictureInput] {
    let file = try ReadableFile(path: path)
    guard file.length != nil else {
      let bytes = try file.readAll(limit: limits.maximumFileLength)
      return [
        input(path, as: outputName) {
          try ImageReader.read(bytes: bytes, name: path, limits: limits)
        }
      ]
    }
    let head = try file.read(at: 0, count: 6)
    let picture = Paths.stem(path) + ".png"
    if head == PictureStack.signature {
      return stack(
        try PictureStack(file: file, reading: arrays, limits: limits), picture, file: path)
    }
    let isIDX = head.starts(with: [0, 0, 8, 3]) || head.starts(with: [0, 0, 8, 4])
    guard isIDX || head.starts(with: [0x1F, 0x8B]) else { return files(path, as: outputName) }
    let pictures = try IDXFile(path: path)
    return (0..<pictures.count).map { index in
      PictureInput(
        name: "\(path)[\(index)]",
        outputName: NumberedName(picture).numbered(index, of: pictures.count), file: path,
        tell: tell, load: { Picture(pixels: pictures.pixels(index)) })
    }
  }

  private func stack(
    _ stack: PictureStack, _ outputName: String, file: String? = nil
  ) -> [PictureInput] {
    if arrays.axes == nil, stack.form.axes == .nhw, stack.count == 3 {
      tell(.grayPictures(array: stack.path, shape: stack.shape))
    }
    return (0..<stack.count).map { index in
      PictureInput(
        name: stack.count == 1 ? stack.path : "\(stack.path)[\(index)]",
        outputName: NumberedName(outputName).numbered(index, of: stack.count), file: file,
        arrayForm: stack.form, tell: tell, load: { try stack.picture(index) })
    }
  }
}

/// A file of several pages, in memory from the first that is read to the last.
private final class PageFile {
  private let path: String
  private let limits: ImageLimits
  private var content: [UInt8]?

  init(_ path: String, _ limits: ImageLimits) { (self.path, self.limits) = (path, limits) }

  func bytes() throws -> [UInt8] {
    if let content { return content }
    let bytes = try FileReader.readFile(path, limit: limits.maximumFileLength)
    content = bytes
    return bytes
  }

  func release() { content = nil }
}
