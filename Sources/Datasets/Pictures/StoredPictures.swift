import Files
import ImageCodecs
import Pictures
import Tensors

/// Pictures of one size from one file, decoded: of an IDX file or a NumPy array.
struct StoredPictures: Sendable {
  let path: String
  let count: Int
  /// 1 or 3.
  let channels: Int
  let height: Int
  let width: Int
  /// `count * height * width * channels`, the channels of a pixel side by side.
  let bytes: [UInt8]

  init(_ file: IDXFile) {
    path = file.path
    count = file.count
    channels = file.channels
    height = file.height
    width = file.width
    bytes = file.bytes
  }

  /// The pictures of an array, whose axes and scale its shape, type and numbers tell; in 8 bits, what is
  /// beyond black and white clamped.
  ///
  /// - Throws: `FileError`, `ImageError` or `UndecidedArray`.
  init(array path: String, options: DatasetOptions) throws {
    try self.init(
      PictureStack(
        file: ReadableFile(path: path), reading: options.arrays, limits: options.limits),
      options: options)
  }

  /// As above. What is transparent is laid on the background.
  init(_ stack: PictureStack, options: DatasetOptions) throws {
    let path = stack.path
    let background = Background(level: options.background, description: "")
    let first = try stack.picture(0).shape
    let size = first.count
    let (total, overflow) = size.multipliedReportingOverflow(by: stack.count)
    guard !overflow, total <= IDXFile.defaultLimit else {
      throw FileError(
        kind: .badData, path: path,
        message: "\(stack.count) pictures of \(size) numbers, expected at most "
          + "\(IDXFile.defaultLimit) bytes of pixels")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total)
    let area = first[1] * first[2]
    for index in 0..<stack.count {
      let pixels = try stack.picture(index).flattened(on: background).pixels
      for pixel in 0..<area {
        for channel in 0..<first[0] {
          let number = pixels[channel * area + pixel]
          bytes.append(UInt8((min(max(number, 0), 1) * 255).rounded()))
        }
      }
    }
    self.path = path
    count = stack.count
    channels = first[0]
    height = first[1]
    width = first[2]
    self.bytes = bytes
  }

  /// Whether a file begins as arrays do.
  static func isArray(path: String) -> Bool {
    let signature = PictureStack.signature
    let head = try? ReadableFile(path: path).read(at: 0, count: signature.count)
    return head == signature
  }
}
