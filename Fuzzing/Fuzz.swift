import Datasets
import Files
import Graphs
import ImageCodecs
import Pictures
import Platform
import Tensors
import VAE

/// What reads bytes from outside, for libFuzzer: LATENT_FUZZ_TARGET names one. `script/fuzz` builds and runs
/// them. A reader may refuse what it is given; it may not crash, hang or take more memory than its limits.
private enum Target: String {
  /// Pictures of every format, as a whole, by their headers, page by page, as masks, and JPEG's coefficients.
  case picture
  /// Picture files and films one after another.
  case stream
  /// Latents as text, ndjson and npy.
  case latents
  /// Model files, up to the model.
  case model
  /// Checkpoints, up to a trainer that goes on.
  case checkpoint
  /// IDX files, plain and compressed.
  case idx
  /// Pictures in NumPy arrays, and masks.
  case array
  /// NumPy arrays in ZIP archives.
  case archive
}

private let target: Target = {
  let name = getenv("LATENT_FUZZ_TARGET").map { String(cString: $0) } ?? "picture"
  guard let target = Target(rawValue: name) else {
    print(
      "LATENT_FUZZ_TARGET: expected picture, stream, latents, model, checkpoint, idx, array or "
        + "archive, found \(name)"
    )
    exit(64)
  }
  return target
}()

/// Small enough that a run of a second is a fault.
private let limits = ImageLimits(maximumPixels: 1 << 18, maximumFileLength: 1 << 22)

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  switch target {
  case .picture: readPicture(bytes)
  case .stream: withDescriptor(bytes, readStream)
  case .latents: withDescriptor(bytes, readLatents)
  case .model:
    withDescriptor(bytes) { descriptor in
      _ = try? Model(path: "/proc/self/fd/\(descriptor)")
    }
  case .checkpoint:
    withDescriptor(bytes) { try? trainer?.resume(from: "/proc/self/fd/\($0)") }
  case .idx:
    withDescriptor(bytes) { descriptor in
      _ = try? IDXFile(path: "/proc/self/fd/\(descriptor)")
    }
  case .array: readArray(bytes)
  case .archive:
    withDescriptor(bytes) { descriptor in
      _ = try? Dataset(["/proc/self/fd/\(descriptor)"], options: DatasetOptions(limits: limits))
    }
  }
  return 0
}

private typealias Input = @convention(c) (UnsafePointer<UInt8>, Int) -> Int32

/// libFuzzer's own main, in its runtime.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ input: Input
) -> Int32

/// Where SwiftPM lets an executable of this name begin.
@_cdecl("fuzz_main")
public func main(
  _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, testOneInput)
}

/// A run on pictures that nobody has, for the one thread that there is. LATENT_FUZZ_SEED names a file for a checkpoint of it.
private nonisolated(unsafe) let trainer: Trainer? = {
  let configuration = Configuration(
    image: ImageShape(channels: 1, height: 2, width: 2), latents: 1,
    network: .mlp(hidden: [2], activation: .tanh), likelihood: .bernoulli)
  let trainer = try? Trainer(
    Model(configuration, seed: 1), TrainingConfiguration(), exampleCount: 4,
    backend: PortableBackend())
  if let path = getenv("LATENT_FUZZ_SEED") {
    do {
      try trainer?.writeCheckpoint(to: String(cString: path))
    } catch {
      print(error)
      exit(74)
    }
  }
  return trainer
}()

private func readPicture(_ bytes: [UInt8]) {
  let header = try? ImageReader.header(bytes: bytes, name: "x")
  _ = try? ImageReader.read(bytes: bytes, name: "x", limits: limits, minimumSize: (4, 4))
  guard let image = try? ImageReader.read(bytes: bytes, name: "x", limits: limits) else { return }
  precondition(image.width * image.height <= limits.maximumPixels, "the limit holds")
  precondition(header != nil, "what can be read has a header")
  if let count = try? ImageReader.pageCount(bytes: bytes, name: "x"), count > 1 {
    _ = try? ImageReader.read(bytes: bytes, page: count - 1, name: "x", limits: limits)
  }
  guard image.width * image.height <= 4096 else { return }
  readBeside(image, bytes)
  // What was read can be written: its notes are as little to be trusted as its pixels.
  for format in ImageFormat.allCases {
    guard
      let file = try? ImageWriter.encode(
        image, format: format, options: EncodingOptions(pngCompression: 1, flattenAlpha: true))
    else { continue }
    let again = try? ImageReader.read(bytes: file, name: "x", limits: limits)
    precondition(again?.width == image.width && again?.height == image.height, "it reads back")
    if format == .png { precondition(again?.samples == image.samples, "the same pixels") }
  }
}

/// What else is made of a picture's bytes.
private func readBeside(_ image: Image, _ bytes: [UInt8]) {
  let (x, y) = (image.width / 3, image.height / 3)
  let window = ImageWindow(
    x: x, y: y, width: image.width - x, height: image.height - y,
    of: .init(width: image.width, height: image.height))
  withDescriptor(bytes) { descriptor in
    let part = try? ImageReader.read(
      path: "/proc/self/fd/\(descriptor)", limits: limits, window: window)
    precondition(part == nil || part?.width == window.width, "the part that was asked for")
  }
  let mask = PictureMask(levels: PictureMask.levels(of: Picture(image)), threshold: 0.5, growth: 1)
  precondition(mask.weights.elements.allSatisfy { (0...1).contains($0) }, "weights of a mask")
  guard let coefficients = image.metadata.jpegFile?.coefficients() else { return }
  for (index, component) in coefficients.components.enumerated() where component.blocksDown > 0 {
    for row in [0, component.blocksDown - 1] {
      let count = coefficients.blocks(component: index, row: row).count
      precondition(count == 64 * component.blocksAcross, "a row of blocks")
    }
  }
}

private func readArray(_ bytes: [UInt8]) {
  for scale in [.automatic, .mask, .white(255)] as [ArrayReading.Scale] {
    let reading = ArrayReading(scale: scale)
    guard let stack = try? PictureStack(bytes, path: "x", reading: reading, limits: limits),
      let picture = try? stack.picture(stack.count - 1)
    else { continue }
    precondition(picture.region.area <= limits.maximumPixels, "the limit holds")
    if scale == .mask {
      let mask = PictureMask(levels: PictureMask.levels(of: picture), threshold: 0.5, growth: 3)
      precondition(mask.weights.elements.allSatisfy { (0...1).contains($0) }, "weights of a mask")
    }
    let form = PictureStack.form(of: [picture.pixels], like: nil)
    let again = try? PictureStack(
      PictureStack.encoded([picture.pixels], form), path: "x",
      reading: ArrayReading(scale: .white(255), axes: form.axes))
    precondition(again?.count == 1, "it reads back")
  }
}

private func readStream(_ descriptor: Int32) {
  let stream = ImageStream(
    StreamBuffer(descriptor: descriptor, name: "x"), name: "x", limits: limits)
  while let file = try? stream.next() {
    _ = try? ImageReader.header(bytes: file, name: "x")
  }
}

private func readLatents(_ descriptor: Int32) {
  for shape in [[3], nil] as [Shape?] {
    lseek(descriptor, 0, SEEK_SET)
    let reader = LatentStreamReader(descriptor: descriptor, name: "x", latentShape: shape)
    while let record = try? reader.next() {
      precondition(record.mean.allSatisfy(\.isFinite), "numbers are finite")
      precondition(shape == nil || record.mean.count == 3, "of the size that was asked for")
    }
  }
}

/// A file that lies nowhere, in memory where there is a place for such files; -1 where there is none.
private let file: Int32 = {
  var template = Array("/dev/shm/latent-fuzz-XXXXXX".utf8CString)
  let descriptor = mkstemp(&template)
  if descriptor >= 0 {
    unlink(template)
    return descriptor
  }
  return tmpfile().map { fileno($0) } ?? -1
}()

/// A file of these bytes, one after another the same.
private func withDescriptor(_ bytes: [UInt8], _ body: (Int32) -> Void) {
  guard ftruncate(file, 0) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count,
    lseek(file, 0, SEEK_SET) == 0
  else {
    print("no file to read from")
    exit(74)
  }
  body(file)
}
