"""A picture in tiles against the same picture in one piece: every pixel has to be equal."""

import damage
import pictures
from program import ProgramError
from report import Section, table

# Height and width: one pixel wide, smaller than the stride, odd, more than one tile.
EXTENTS = [(1, 1), (1, 37), (45, 1), (3, 5), (97, 131), (160, 83)]
# Some divide no extent and are no multiple of a stride; the last holds every picture whole.
TILES = [32, 50, 64, 100]
WHOLE = 1024


def run(context):
    section = Section()
    photograph = next(iter(pictures.load(context.data, "kodak24", 1).values()))
    rows = []
    for model in context.models:
        for command, options in {
                "denoise": ["--sigma", 25], "inpaint": ["--mask", "masks"],
                "upscale -s 2": [], "upscale -s 3": []}.items():
            with context.workspace() as folder:
                files = inputs(folder, photograph, command)
                arguments = [folder / o if o == "masks" else o for o in options]
                name, *scale = command.split()

                def restored(tile):
                    return context.latent.restored(
                        name, model, folder / f"tile-{tile}", files, *scale, *arguments,
                        "--tile", tile)

                whole = restored(WHOLE)
                title = f"{command}, {context.label(model)}"
                row = [title]
                for tile in TILES:
                    try:
                        tiled = restored(tile)
                    except ProgramError as error:
                        section.expect(f"{title}, --tile {tile}: {error}", False)
                        row.append("failed")
                        continue
                    other = [n for n in files if (tiled[n] != whole[n]).any()]
                    row.append("equal" if not other else f"{len(other)} of {len(files)} differ")
                    what = f"{title}, --tile {tile}: equals the untiled result"
                    section.expect(what + (f"; not {', '.join(other)}" if other else ""), not other)
                rows.append(row)
    section.add(*table(
        ["tiled against untiled", *[f"--tile {tile}" for tile in TILES]], rows))
    return section


def inputs(folder, photograph, command):
    """Files of every extent, gray and in color, by name; masks where they are needed."""
    (folder / "masks").mkdir()
    files = {}
    for height, width in EXTENTS:
        part = photograph[200:200 + height, 300:300 + width]
        for kind, picture in {"color": part, "gray": pictures.gray(part)}.items():
            name = f"{kind}-{height}x{width}"
            array = command == "denoise"
            files[name] = folder / f"{name}.{'npy' if array else 'png'}"
            if array:
                pictures.write_array(files[name], damage.noisy(picture, 25, name))
            elif command == "inpaint":
                hidden = damage.mask("random50", (height, width), name)
                hidden[60:92, 40:72] = True
                pictures.write(files[name], damage.hollow(picture, hidden))
                pictures.write(folder / "masks" / f"{name}.png", 255 * hidden)
            else:
                pictures.write(files[name], picture)
    return dict(sorted(files.items()))
