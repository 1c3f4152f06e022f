import Datasets
import Files
import ImageCodecs
import Tensors

/// One picture that a command was given, read when it is asked for.
struct PictureInput {
  /// As in messages and in ndjson: the path, and for one of several in a file its number from 0.
  let name: String
  /// What the result is called in an output folder: a relative path with the input's extension.
  let outputName: String
  /// The shape of the array that the picture is alone in; nil for a picture file.
  let stackShape: [Int]?
  private let load: () throws -> Picture

  init(
    name: String, outputName: String, stackShape: [Int]? = nil,
    load: @escaping () throws -> Picture
  ) {
    self.name = name
    self.outputName = outputName
    self.stackShape = stackShape
    self.load = load
  }

  func picture() throws -> Picture { try load() }
}

extension PictureInput {
  /// All the pictures of a command's arguments in order: picture files, folders of them (walked
  /// through), arrays, IDX files, and "-" for standard input. An argument that cannot be opened
  /// becomes an input whose reading fails, so that it does not stop the others.
  static func all(_ arguments: [String], limits: ImageLimits) -> [PictureInput] {
    arguments.flatMap { argument -> [PictureInput] in
      do {
        if argument == "-" { return try standardInput(limits) }
        if Paths.isFolder(argument) { return try folder(argument, under: "", limits) }
        return try file(argument, as: Paths.name(argument), limits)
      } catch {
        return [PictureInput(name: argument, outputName: "") { throw error }]
      }
    }
  }

  private static func standardInput(_ limits: ImageLimits) throws -> [PictureInput] {
    let bytes = try FileReader.readAll(descriptor: 0, limit: limits.maximumFileLength)
    if bytes.starts(with: PictureStack.signature) {
      return stack(try PictureStack(bytes, path: "standard input"), stem: "stdin")
    }
    return [
      PictureInput(name: "standard input", outputName: "stdin.png") {
        Picture(try ImageReader.read(bytes: bytes, name: "standard input", limits: limits))
      }
    ]
  }

  private static func folder(
    _ path: String, under prefix: String, _ limits: ImageLimits
  ) throws -> [PictureInput] {
    try Paths.list(path).flatMap { name -> [PictureInput] in
      let full = Paths.joined(path, name)
      let relative = Paths.joined(prefix, name)
      if Paths.isFolder(full) { return try folder(full, under: relative, limits) }
      guard ImageFormat(path: name) != nil else { return [] }
      return [picture(full, as: relative, limits)]
    }
  }

  private static func file(
    _ path: String, as outputName: String, _ limits: ImageLimits
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
      return stack(try PictureStack(file.readAll(), path: path), stem: Paths.stem(path))
    }
    let isIDX = head.starts(with: [0, 0, 8, 3]) || head.starts(with: [0, 0, 8, 4])
    if isIDX || head.starts(with: [0x1F, 0x8B]) { return idx(try IDXFile(path: path)) }
    return [picture(path, as: outputName, limits)]
  }

  private static func picture(
    _ path: String, as outputName: String, _ limits: ImageLimits
  ) -> PictureInput {
    PictureInput(name: path, outputName: outputName) {
      Picture(try ImageReader.read(path: path, limits: limits))
    }
  }

  private static func stack(_ stack: PictureStack, stem: String) -> [PictureInput] {
    (0..<stack.count).map { index in
      PictureInput(
        name: stack.count == 1 ? stack.path : "\(stack.path)[\(index)]",
        outputName: numbered(stem, index, of: stack.count), stackShape: stack.shape
      ) { try stack.picture(index) }
    }
  }

  private static func idx(_ file: IDXFile) -> [PictureInput] {
    let area = file.height * file.width
    let size = area * file.channels
    return (0..<file.count).map { index in
      PictureInput(
        name: "\(file.path)[\(index)]",
        outputName: numbered(Paths.stem(file.path), index, of: file.count)
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
  private static func numbered(_ stem: String, _ index: Int, of count: Int) -> String {
    guard count > 1 else { return stem + ".png" }
    return "\(stem)-\(OutputPattern.zeroPadded(index + 1, 4)).png"
  }
}
