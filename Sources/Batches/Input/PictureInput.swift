import Files
import Graphs
import ImageCodecs
import Pictures
import Platform
import VAE

/// One picture of many, read when it is asked for.
package struct PictureInput: CustomStringConvertible {
  /// As in messages and in ndjson: the path, and for one of several in a file its number from 0.
  package let name: String
  /// What the result is called in an output folder: a relative path with the input's extension.
  package let outputName: String
  /// The file that is read, of which the picture may be a part; nil for a pipe.
  package let file: String?
  /// What the array that the picture is in looks like; nil for a picture file.
  let arrayForm: ArrayForm?
  /// What the pictures of a stream are; nil for other inputs.
  package let streamFormat: ImageFormat?
  private let tell: (BatchEvent) -> Void
  private let load: () throws -> Picture
  /// Reads the picture on whichever thread; nil where reading it depends on what else is read.
  private var loadAlone: (@Sendable () throws -> Picture)?
  private let next: (() throws -> PictureInput?)?

  /// - Parameter tell: takes what is to be said of the picture when it is read.
  init(
    name: String, outputName: String, file: String? = nil, arrayForm: ArrayForm? = nil,
    streamFormat: ImageFormat? = nil, following next: (() throws -> PictureInput?)? = nil,
    tell: @escaping (BatchEvent) -> Void, load: @escaping () throws -> Picture
  ) {
    (self.name, self.outputName, self.file) = (name, outputName, file)
    (self.arrayForm, self.streamFormat) = (arrayForm, streamFormat)
    (self.tell, self.load, self.next) = (tell, load, next)
  }

  /// A picture with a file of its own.
  init(
    _ path: String, outputName: String, tell: @escaping (BatchEvent) -> Void,
    load: @escaping @Sendable () throws -> Picture
  ) {
    self.init(name: path, outputName: outputName, file: path, tell: tell, load: load)
    loadAlone = load
  }

  /// An input whose reading fails.
  static func failing(_ name: String, _ error: any Error) -> PictureInput {
    PictureInput(name: name, outputName: "", tell: { _ in }, load: { throw error })
  }

  package var description: String { name }

  package func picture() throws -> Picture {
    let picture = try Profile.measure("reading pictures") { try load() }
    for remark in picture.metadata.remarks { tell(.remark("\(name): \(remark)")) }
    return picture
  }

  /// The same input, which another thread begins to read now; nil where none should: of what stands in a stream or
  /// an array, and of a picture that takes much memory.
  func read(on queue: WorkQueue) -> PictureInput? {
    guard let loadAlone, let file, let header = try? ImageReader.header(path: file),
      header.width * header.height <= Self.largestBesides
    else { return nil }
    let pending = queue.begin(loadAlone)
    return PictureInput(
      name: name, outputName: outputName, file: file, tell: tell, load: { try pending.value() })
  }

  /// Pixels of a picture that may be in memory beside the one that is worked on.
  static let largestBesides = 1 << 24

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
    let name = NumberedName(outputName)
    return PictureInput(
      name: self.name, outputName: "\(name.stem)-\(index + 1)\(name.suffix)", file: file,
      tell: tell, load: load)
  }

  /// A picture that goes with another of its size.
  func picture(besides other: Picture, called role: String) throws -> Picture {
    let picture = try picture()
    guard picture.region == other.region else {
      throw BatchError(
        .badData,
        "\(name): expected a \(role) of the picture's \(other.width)x\(other.height) pixels, "
          + "found \(picture.width)x\(picture.height)")
    }
    return picture
  }
}

extension [PictureInput] {
  /// What goes with the picture at a place of a batch: one for all, or one for each.
  func companion(at index: Int, called name: String) throws -> PictureInput {
    guard count == 1 || index < count else {
      throw BatchError(
        .badData, "expected a \(name) for every picture or one for all, found \(count)")
    }
    return self[count == 1 ? 0 : index]
  }
}

/// The name of a result, with a place for a number before its extension.
struct NumberedName {
  let stem: String
  /// The extension with its point.
  let suffix: String

  init(_ name: String) {
    stem = Paths.folder(name) + Paths.stem(name)
    suffix = String(name.dropFirst(stem.count))
  }

  /// "digits-0007.png", of one of several.
  func numbered(_ index: Int, of count: Int) -> String {
    count > 1 ? "\(stem)-\(OutputPattern.zeroPadded(index + 1, 4))\(suffix)" : stem + suffix
  }
}

extension Picture {
  /// Size and color as in messages: "640x480 color".
  package var summary: String { ImageShape(self).description }
}
