import Files
import Graphs
import ImageCodecs
import Pictures
import Tensors

/// Writes pictures, each where it belongs.
package final class PictureOutput {
  private enum Destination {
    case standardOutput
    case folder(String)
    case pattern(OutputPattern)
    case file(String)
  }

  private let destination: Destination
  private let format: PictureFormat?
  let options: Options
  private let sheet: Sheet?
  private let background: Background
  /// What can be written only when all pictures are there.
  private var held: [Picture] = []
  private var arrayForm: ArrayForm?
  private let roles: FileRoles
  /// What the pictures are, as in "the result".
  private let role: String
  /// Whether a picture may be written in its source's place.
  private let replacesSources: Bool
  /// As bytes: two names that Unicode holds for equal are two files.
  private var namesWritten: Set<[UInt8]> = []
  /// Whether other processes write to the same place: the first to write a picture has written it then.
  var isShared = false
  /// The header of the film that has been begun on standard output.
  private var film: ArraySlice<UInt8>?

  /// - Parameters:
  ///   - count: how many pictures will come; nil where nobody knows.
  ///   - sheet: puts all of them into one.
  ///   - background: what transparent pixels are laid on where the output cannot keep them.
  ///   - streamFormat: what standard output gets where nothing else is said.
  ///   - roles: the files that are read, and those that are written for other purposes.
  ///   - role: what the pictures are.
  ///   - replacesSources: whether a picture may be written in its source's place.
  /// - Throws: `BatchError`, `BatchProblem` where the output cannot hold them, before anything is computed.
  package init(
    _ options: Options, count: Int?, sheet: Sheet? = nil, background: Background = .white,
    streamFormat: ImageFormat? = nil, roles: FileRoles = FileRoles(), role: String = "the result",
    replacesSources: Bool = true
  ) throws {
    self.options = options
    self.roles = roles
    self.role = role
    self.replacesSources = replacesSources
    self.sheet = sheet
    self.background = background
    let path = options.path
    if path == "-" {
      destination = .standardOutput
      format = options.format ?? .file(streamFormat ?? .png)
    } else if path.hasSuffix("/") || Paths.isFolder(path) {
      destination = .folder(path)
      format = options.format
      if sheet != nil {
        throw BatchError(.usage, "\(path): expected a file for one grid, found a folder")
      }
    } else {
      let known = options.format ?? PictureFormat(path: path)
      guard let known else {
        throw BatchProblem.unknownFormat(path: path)
      }
      format = known
      destination = OutputPattern(path).map(Destination.pattern) ?? .file(path)
      if case .file = destination, !known.holdsMany, sheet == nil, let count, count != 1 {
        throw Self.onlyOne(path, count)
      }
      if case .pattern = destination, sheet != nil {
        throw BatchError(.usage, "\(path): expected one file for one grid, found a pattern")
      }
    }
    try options.check(format)
    if let sheet, let count, count > sheet.capacity {
      throw PictureError.fullSheet(columns: sheet.columns, rows: sheet.rows, found: count)
    }
  }

  private static func onlyOne(_ path: String, _ count: Int?) -> BatchError {
    BatchError(
      .usage,
      "\(path): expected one picture for one file, found \(count.map { "\($0)" } ?? "more"); "
        + "write to a pattern such as out-%04d.png, to a folder, or to an array (.npy)")
  }

  /// Whether pictures wait until all are there, to share a file.
  package var collects: Bool {
    if sheet != nil { return true }
    switch destination {
    case .standardOutput: return format == .array || format == .file(.tiff)
    case .file: return format?.holdsMany ?? false
    case .folder, .pattern: return false
    }
  }

  /// The folder that pictures go to, with its slash.
  var folder: String {
    switch destination {
    case .standardOutput: ""
    case .folder(let folder): Paths.joined(folder, "")
    case .pattern(let pattern): Paths.folder(pattern.path(1))
    case .file(let path): Paths.folder(path)
    }
  }

  /// Whether each picture is written to a file of its own when it comes.
  package var writesAtOnce: Bool {
    switch destination {
    case .folder, .pattern: !collects
    case .standardOutput, .file: false
    }
  }

  package var isStandardOutput: Bool {
    if case .standardOutput = destination { true } else { false }
  }

  /// Whether pictures have been taken that `finish` writes.
  package var isWaiting: Bool { !held.isEmpty }

  /// Where a picture goes; nil where it has no file of its own.
  ///
  /// - Parameters:
  ///   - index: its place in the batch, from 0.
  ///   - input: what it is made of, for its name.
  package func path(at index: Int, for input: PictureInput?) -> String? {
    if collects { return nil }
    switch destination {
    case .standardOutput: return nil
    case .folder(let folder): return Paths.joined(folder, name(of: input, index))
    case .pattern(let pattern): return pattern.path(index + 1)
    case .file(let path): return path
    }
  }

  /// Checks, before anything is computed, that every picture of a batch has a place of its own, that
  /// none takes the place of one that is still to be read, and that the place can be written to.
  ///
  /// - Parameter inputs: what each picture is made of.
  /// - Throws: `BatchError` of usage; `FileError` of kind `cannotCreate`.
  package func prepare(_ inputs: [PictureInput]) throws {
    var owners: [[UInt8]: String] = [:]
    var sources: [Paths.Identity: String]?
    for (index, input) in inputs.enumerated() where !input.outputName.isEmpty {
      guard let path = path(at: index, for: input) else { break }
      if let other = owners.updateValue(input.name, forKey: Array(path.utf8)) {
        throw BatchError(
          .usage,
          "\(path): expected one result, found those of \(other) and of \(input.name); "
            + "write to a pattern such as out-%04d.png or to different folders")
      }
      if case .file = destination { break }
      if let identity = Paths.identity(path) {
        if sources == nil { sources = Self.identities(inputs) }
        if let source = sources?[identity] {
          throw BatchError(
            .usage,
            "\(path): expected a place for a result, found the picture \(source) itself; "
              + "write to another folder")
        }
      }
      try roles.writes(path, as: role)
    }
    if format == nil {
      try options.check(
        formatsOfPictures: Set(
          inputs.enumerated().compactMap { index, input in
            input.outputName.isEmpty ? nil : ImageFormat(path: name(of: input, index))
          }))
    }
    try claim(inPlaceOf: inputs.map(\.file))
    switch destination {
    case .standardOutput: break
    case .folder(let folder):
      try Paths.makeFolder(folder)
      try Paths.checkIsWritable(folder)
    case .pattern(let pattern): try Paths.checkIsWritable(Paths.folder(pattern.path(1)))
    case .file(let path):
      // What is there already may be a device or a pipe in a folder that is not ours.
      if !Paths.exists(path) { try Paths.checkIsWritable(Paths.folder(path)) }
    }
  }

  /// Checks that the one file of all pictures, or standard output, has no other purpose.
  ///
  /// - Parameter files: what the pictures come from: one file alone may be replaced, since everything in
  ///   it has been read by then.
  package func claim(inPlaceOf files: [String?] = []) throws {
    switch destination {
    case .standardOutput: try roles.writes("-", as: role)
    case .file(let path):
      // As bytes: two names that Unicode holds for equal are two files.
      let names = Set(files.map { Array(($0 ?? "").utf8) })
      try roles.writes(
        path, as: role,
        inPlaceOf: replacesSources && names.count == 1 ? files.prefix(1).compactMap(\.self) : [])
    case .folder, .pattern: break
    }
  }

  private static func identities(_ inputs: [PictureInput]) -> [Paths.Identity: String] {
    var identities: [Paths.Identity: String] = [:]
    for case let path? in inputs.map(\.file) {
      if let identity = Paths.identity(path) { identities[identity] = path }
    }
    return identities
  }

  /// Takes a picture, and writes it unless it must wait for others.
  ///
  /// - Parameters:
  ///   - index: its place in the batch, from 0.
  ///   - input: what it was made of, for its name and an array's shape.
  package func write(_ picture: Picture, at index: Int, for input: PictureInput? = nil) throws {
    if collects {
      held.append(picture)
      if held.count == 1 { arrayForm = input?.arrayForm }
      return
    }
    switch destination {
    case .standardOutput:
      guard case .file(let format)? = format else { return }
      try FileOutput.standardOutput.write(
        bytes(picture, format, name: "standard output", film: &film))
    case .folder(let folder):
      try write(picture, toFolder: folder, name(of: input, index), form: input?.arrayForm)
    case .pattern(let pattern):
      try write(picture, to: pattern.path(index + 1), form: input?.arrayForm)
    case .file(let path):
      held.append(picture)
      if held.count > 1 { throw Self.onlyOne(path, nil) }
    }
  }

  /// Writes what had to wait.
  package func finish() throws {
    guard !held.isEmpty else {
      if case .file(let path) = destination {
        throw BatchError(.badData, "\(path): expected a picture to write, found none")
      }
      return
    }
    if let sheet {
      held = [try sheet.composed(held.map { $0.flattened(on: background) })]
      arrayForm = nil
    }
    if format == .array {
      let stack = try stack(held, arrayForm, name: options.path)
      return try write { try PictureStack.write(stack.pixels, stack.form, to: $0) }
    }
    if case .file(let format)? = format, collects {
      let name = isStandardOutput ? "standard output" : options.path
      let bytes =
        format.capabilities.hasPages || format.capabilities.isSeries
        ? try bytes(held, format, name: name) : try bytes(held[0], format, name: name)
      return try write { try $0.write(bytes) }
    }
    if case .file(let path) = destination { try write(held[0], to: path) }
  }

  /// Writes the one file of all pictures, or to standard output.
  private func write(_ body: (FileOutput) throws -> Void) throws {
    guard case .file(let path) = destination else { return try body(.standardOutput) }
    try AtomicFile.write(to: path, body)
  }

  /// What stands in an array of pictures, and its form.
  ///
  /// - Parameter form: of the array that the pictures came in; one of as many numbers comes back.
  private func stack(
    _ pictures: [Picture], _ form: ArrayForm?, name: String
  ) throws -> (pixels: [Tensor], form: ArrayForm) {
    let pixels = pictures.map { $0.flattened(on: background).pixels }
    if let other = pictures.first(where: { $0.shape != pixels[0].shape }) {
      throw BatchError(
        .badData,
        "\(name): expected pictures of one size for one array, found "
          + "\(pictures[0].summary) and \(other.summary)")
    }
    return (pixels, PictureStack.form(of: pixels, like: form))
  }

  /// The input's own, with the extension of what is written.
  private func name(of input: PictureInput?, _ index: Int) -> String {
    let name = input?.outputName ?? OutputPattern.zeroPadded(index + 1, 4) + ".png"
    switch format {
    case .file(let format)?:
      return Paths.folder(name) + Paths.stem(name) + "." + format.fileExtension
    case .array?: return Paths.folder(name) + Paths.stem(name) + ".npy"
    case nil: return ImageFormat(path: name) == nil ? name + ".png" : name
    }
  }

  private func write(
    _ picture: Picture, toFolder folder: String, _ name: String, form: ArrayForm?
  ) throws {
    guard namesWritten.insert(Array(name.utf8)).inserted else {
      throw BatchError(
        .badData, "two inputs are called \(name); write them to different folders")
    }
    let path = Paths.joined(folder, name)
    try Paths.makeFolder(Paths.folder(path))
    try write(picture, to: path, form: form)
  }

  private func write(_ picture: Picture, to path: String, form: ArrayForm? = nil) throws {
    // Names that nobody knew before.
    switch destination {
    case .folder, .pattern: try roles.requireUnread(path)
    case .file, .standardOutput: break
    }
    try Profile.measure("writing pictures") {
      switch format {
      case .array?:
        let stack = try stack([picture], form, name: path)
        try AtomicFile.write(to: path, synchronized: isShared, replaces: !isShared) {
          try PictureStack.write(stack.pixels, stack.form, to: $0)
        }
      case .file(let format)?: try write(bytes(picture, format, name: path), to: path)
      case nil:
        let format = ImageFormat(path: path) ?? .png
        try write(bytes(picture, format, name: path), to: path)
      }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try AtomicFile.write(bytes, to: path, synchronized: isShared, replaces: !isShared)
  }

  /// The file of several pictures: pages, or files one after another.
  private func bytes(
    _ pictures: [Picture], _ format: ImageFormat, name: String
  ) throws -> [UInt8] {
    guard format.capabilities.hasPages else {
      var bytes: [UInt8] = []
      var film: ArraySlice<UInt8>?
      for picture in pictures {
        bytes += try self.bytes(picture, format, name: name, film: &film)
      }
      return bytes
    }
    return try ImageWriter.encode(
      pages: pictures.map { image($0, format) }, format: format,
      options: options.encoding, name: name)
  }

  private func image(_ picture: Picture, _ format: ImageFormat) -> Image {
    picture.image(for: format, depth: options.depth, background: background)
  }

  private func bytes(_ picture: Picture, _ format: ImageFormat, name: String) throws -> [UInt8] {
    var film: ArraySlice<UInt8>?
    return try bytes(picture, format, name: name, film: &film)
  }

  /// - Parameter film: the header of the film that the file is appended to.
  private func bytes(
    _ picture: Picture, _ format: ImageFormat, name: String, film: inout ArraySlice<UInt8>?
  ) throws -> [UInt8] {
    do {
      return try ImageWriter.encode(
        image(picture, format), format: format,
        options: options.encoding, name: name, film: &film)
    } catch let error where error.kind == .usage {
      // The format cannot hold this picture; it may hold the next one.
      throw BatchError(.badData, error.description)
    }
  }
}
